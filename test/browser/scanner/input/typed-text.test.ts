/**
 * What is taken for a scanner that types, and what for a person.
 */
import { expect, test } from "vitest";
import { type Key, type Typed, TypedText } from "../../../../src/browser/scanner/input/typed-text.ts";

const PLAIN = { ctrlKey: false, altKey: false, metaKey: false, repeat: false, isForField: false };

/** Presses keys that are so many milliseconds apart. */
class Keyboard {
  readonly #typed = new TypedText();
  #at = 1000;

  types(text: string, gap: number, more: Partial<Key> = {}): Typed[] {
    return [...text].map((key) => this.presses(key, gap, more));
  }

  presses(key: string, gap: number, more: Partial<Key> = {}): Typed {
    this.#at += gap;
    return this.#typed.press({ ...PLAIN, ...more, key, at: this.#at });
  }

  pauses(): string | undefined {
    return this.#typed.pause();
  }
}

test.each(["Enter", "Tab"])("a text that is typed fast is a code when %s follows", (end) => {
  const scanner = new Keyboard();
  scanner.types("TICKET-42", 5);
  expect(scanner.presses(end, 5)).toEqual({ kind: "code", text: "TICKET-42" });
});

test("a code of one character is a code", () => {
  const scanner = new Keyboard();
  scanner.types("7", 5);
  expect(scanner.presses("Enter", 5)).toEqual({ kind: "code", text: "7" });
});

test("Enter without a text before it stays Enter", () => {
  expect(new Keyboard().presses("Enter", 500)).toEqual({ kind: "other" });
});

test("a person types slowly, so each key is a first one", () => {
  const person = new Keyboard();
  expect(person.types("abc", 400)).toEqual(Array(3).fill({ kind: "first", isAlone: true }));
  expect(person.presses("Enter", 90)).toEqual({ kind: "other" });
});

test("a scanner that types too slowly for a code presses no shortcuts: no key of it is alone", () => {
  const [, ...others] = new Keyboard().types("u42y", 90);
  expect(others).toEqual(Array(3).fill({ kind: "first", isAlone: false }));
});

test("a shortcut right after a code is one", () => {
  const keyboard = new Keyboard();
  keyboard.types("TICKET-42", 5);
  keyboard.presses("Enter", 5);
  expect(keyboard.presses("u", 60)).toEqual({ kind: "first", isAlone: true });
});

test("a second code does not contain the first one", () => {
  const scanner = new Keyboard();
  scanner.types("one", 5);
  scanner.presses("Enter", 5);
  scanner.types("two", 5);
  expect(scanner.presses("Enter", 5)).toEqual({ kind: "code", text: "two" });
});

test("a key of a person before a code is no part of it", () => {
  const scanner = new Keyboard();
  scanner.types("u", 500);
  scanner.types("code", 60);
  scanner.types("code", 5);
  expect(scanner.presses("Enter", 5)).toEqual({ kind: "code", text: "ecode" });
});

test("Shift before a capital letter does not end a code", () => {
  const scanner = new Keyboard();
  scanner.types("a", 5);
  scanner.presses("Shift", 20);
  scanner.types("B", 20);
  expect(scanner.presses("Enter", 5)).toEqual({ kind: "code", text: "aB" });
});

test("Control with ] within a code is GS1's separator, and Control with c alone is a shortcut of the browser", () => {
  const scanner = new Keyboard();
  scanner.types("01", 5);
  scanner.presses("Control", 5, { ctrlKey: true });
  scanner.presses("]", 5, { ctrlKey: true });
  scanner.types("10", 5);
  expect(scanner.presses("Enter", 5)).toEqual({ kind: "code", text: "01\u001d10" });
  expect(scanner.presses("c", 500, { ctrlKey: true })).toEqual({ kind: "other" });
});

test("AltGr types a character", () => {
  const scanner = new Keyboard();
  scanner.types("a", 5);
  scanner.presses("@", 5, { ctrlKey: true, altKey: true });
  expect(scanner.presses("Enter", 5)).toEqual({ kind: "code", text: "a@" });
});

test("what goes into a text field is not taken", () => {
  const scanner = new Keyboard();
  const typed = scanner.types("TICKET", 5, { isForField: true });
  expect(typed.every(({ kind }) => kind === "other")).toBe(true);
  expect(scanner.presses("Enter", 5, { isForField: true })).toEqual({ kind: "other" });
});

test("a key that is held down is no scanner", () => {
  const person = new Keyboard();
  person.types("aaaaaaaa", 30, { repeat: true });
  expect(person.presses("Enter", 30)).toEqual({ kind: "other" });
});

test("a code without Enter ends after a pause, and a few fast keys of a person are not a code", () => {
  const scanner = new Keyboard();
  scanner.types("TICKET", 5);
  expect(scanner.pauses()).toBe("TICKET");
  scanner.types("ab", 40);
  expect(scanner.pauses()).toBeUndefined();
});
