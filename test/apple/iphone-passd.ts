/**
 * passd, the part of the simulated iPhone that talks to web services. It stores their rows, runs tasks, stores failed
 * tasks for a retry, and logs complaints as iOS does. It does not decide what is added, deleted or switched off: its
 * owner does. It has no timers: the schedule on which iOS retries is not public, so the owner starts the retries.
 */
import { logLine, ODDITIES, TASK_NAMES, taskError, webServiceError } from "./complaints.ts";
import {
  type InstalledPass,
  nothing,
  randomHex,
  type WebService,
  type WhatHappened,
  webServiceOf,
} from "./iphone-state.ts";
import { type Daemon, perform, type Task, UNCHANGED_GRACE, updateSource } from "./iphone-tasks.ts";
import {
  type Answer,
  type CallDetails,
  type CallName,
  type Exchange,
  endpoint,
  type Fetch,
  send,
} from "./iphone-wire.ts";

/** A failed task that waits for a retry. */
export interface FailedTask {
  task: Task;
  reason: string;
  attempts: number;
}

export interface PassdOptions {
  fetch: Fetch;
  rootPem: string | Uint8Array;
  now: () => number;
  pushToken: string;
  language: string;
}

/** After this many failures, iOS silently drops the task (or the lines of the log). */
const MOST_ATTEMPTS = 10;
const MOST_LOG_ATTEMPTS = 7;
const LINES_PER_POST = 50;

export class Passd implements Daemon {
  readonly passes = new Map<string, InstalledPass>();
  readonly failures = new Map<string, FailedTask>();
  readonly unregisteredAt = new Map<string, number>();
  readonly exchanges: Exchange[] = [];
  /** Messages for `/v1/log`, and messages that only the device's console shows, both as lines. */
  readonly log: string[] = [];
  readonly console: string[] = [];
  readonly rootPem: string | Uint8Array;
  readonly language: string;
  readonly now: () => number;
  pushToken: string;
  readonly #fetch: Fetch;
  readonly #services = new Map<string, WebService>();

  constructor({ fetch, rootPem, now, pushToken, language }: PassdOptions) {
    this.#fetch = fetch;
    this.rootPem = rootPem;
    this.now = now;
    this.pushToken = pushToken;
    this.language = language;
  }

  /** The row of a pass type at a webServiceURL. The first use creates it, with its deviceLibraryIdentifier. */
  service(passTypeIdentifier: string, webServiceURL: string): WebService {
    const key = `${passTypeIdentifier} ${webServiceURL}`;
    const service = this.#services.get(key) ?? {
      passTypeIdentifier,
      webServiceURL,
      deviceLibraryIdentifier: randomHex(16),
      tag: undefined,
      tagAt: 0,
      lines: [],
      failedPosts: 0,
    };
    this.#services.set(key, service);
    return service;
  }

  /**
   * The rows that a push for `topic` (or any push) affects: those with a pass that updates automatically.
   */
  listening(topic?: string): WebService[] {
    const updating = [...this.passes.values()].filter((pass) => pass.automaticUpdates && webServiceOf(pass));
    const services = new Set(updating.map((pass) => updateSource(pass, this).service));
    return [...services].filter(
      ({ passTypeIdentifier }) => topic === undefined || topic === passTypeIdentifier,
    );
  }

  send(call: CallName, url: string, details: CallDetails): Promise<Answer> {
    return send(this.#fetch, this.exchanges, call, url, details);
  }

  /** Runs one task and the tasks that follow from it. A failure is logged and stored for a retry. */
  async run(task: Task): Promise<WhatHappened> {
    const { service, key, name } = this.#describe(task);
    const outcome = await perform(task, this);
    switch (outcome.kind) {
      case "done":
        this.failures.delete(key);
        return { ...nothing(), ...outcome.happened };
      case "failed": {
        const { reason, isPosted } = outcome;
        const attempts = (this.failures.get(key)?.attempts ?? 0) + 1;
        if (attempts < MOST_ATTEMPTS && task.kind !== "personalize")
          this.failures.set(key, { task, reason, attempts });
        else this.failures.delete(key);
        const message = taskError(name, reason);
        if (isPosted) this.#complain(service, message);
        else this.console.push(logLine(this.now(), message));
        return { ...nothing(), failed: [message] };
      }
    }
  }

  /** Drops the failed tasks of a pass, because it was deleted or the opposite was requested. */
  cancel(pass: InstalledPass): void {
    for (const [key, { task }] of this.failures) {
      if (task.kind !== "list" && task.pass === pass) this.failures.delete(key);
    }
  }

  noteOddity(service: WebService, text: string): void {
    this.#complain(service, webServiceError(service, text));
  }

  /** Logs that a push was unnecessary, for each row (in its state before the push) whose tag was not fresh. */
  noteSpuriousPush(before: { service: WebService; tag: string | undefined; tagAt: number }[]): void {
    for (const { service, tag, tagAt } of before) {
      if (tag === undefined || this.now() - tagAt < UNCHANGED_GRACE) continue;
      this.noteOddity(service, ODDITIES.spuriousPush(tag, service.deviceLibraryIdentifier));
    }
  }

  /** Posts the waiting lines, at most fifty at a time. Returns the lines that a server accepted. */
  async postLog(): Promise<string[]> {
    const posted: string[] = [];
    for (const service of this.#services.values()) {
      while (service.lines.length > 0) {
        const logs = service.lines.slice(0, LINES_PER_POST);
        const answer = await this.send("log", endpoint(service.webServiceURL, ["log"]), { json: { logs } });
        if (answer.kind === "answered") posted.push(...logs);
        else {
          this.console.push(logLine(this.now(), taskError(TASK_NAMES.log(service), answer.reason)));
          service.failedPosts += 1;
          if (service.failedPosts < MOST_LOG_ATTEMPTS) break;
        }
        service.failedPosts = 0;
        service.lines.splice(0, logs.length);
      }
    }
    return posted;
  }

  #complain(service: WebService, message: string): void {
    const line = logLine(this.now(), message);
    this.log.push(line);
    service.lines.push(line);
  }

  /** The row of a task, the key that identifies equal tasks, and its name before it runs. */
  #describe(task: Task): { service: WebService; key: string; name: string } {
    if (task.kind === "list") {
      const { service } = task;
      const key = `list ${service.passTypeIdentifier} ${service.webServiceURL}`;
      return { service, key, name: TASK_NAMES.list(service) };
    }
    const { passTypeIdentifier, serialNumber, lastModified } = task.pass;
    const { service } = updateSource(task.pass, this);
    const name = TASK_NAMES[task.kind]({ ...service, serialNumber, lastModified });
    return { service, key: `${task.kind} ${passTypeIdentifier} ${serialNumber}`, name };
  }
}
