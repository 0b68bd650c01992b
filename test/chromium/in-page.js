/**
 * What the tests measure inside of a page. Each page of a visitor has it; root's TypeScript does not know the DOM, so this is
 * JavaScript.
 */

/** The elements of a selector that are drawn: text, edges in CSS pixels, colour, and on how many lines the text is. */
globalThis.boxesOf = (selector) =>
  [...document.querySelectorAll(selector)]
    .filter((element) => element.checkVisibility({ contentVisibilityAuto: true }))
    .map((element) => {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      const range = document.createRange();
      range.selectNodeContents(element);
      const texts = [...range.getClientRects()].filter(({ width }) => width > 0);
      return {
        text: element.textContent,
        left,
        right,
        top,
        bottom,
        lines: new Set(texts.map((rect) => Math.round(rect.bottom))).size,
        textLeft: Math.min(...texts.map((rect) => rect.left)),
        textRight: Math.max(...texts.map((rect) => rect.right)),
        textBottom: Math.max(...texts.map((rect) => rect.bottom)),
        colour: getComputedStyle(element).color,
      };
    });

/** The size of type of each element that has a text of its own and is drawn, in CSS pixels. */
globalThis.textSizes = () =>
  [...document.body.querySelectorAll("*")]
    .filter((element) => element.checkVisibility() && element.closest(".unseen") === null)
    .filter(({ childNodes }) =>
      [...childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== ""),
    )
    .map((element) => ({
      text: element.textContent,
      size: Number.parseFloat(getComputedStyle(element).fontSize),
    }));

/** How many pixels of the page are to the right of the window. */
globalThis.overflowOf = () => {
  const { scrollWidth, clientWidth } = document.documentElement;
  return scrollWidth - clientWidth;
};

/** The cells of each row of fields that is drawn: label and value, and edges. */
globalThis.rowsOf = (selector) =>
  [...document.querySelectorAll(selector)]
    .filter((row) => row.checkVisibility())
    .map((row) =>
      [...row.children].map((cell) => {
        const { left, right, top } = cell.getBoundingClientRect();
        return { text: [...cell.children].map(({ textContent }) => textContent).join(" "), left, right, top };
      }),
    );

/**
 * What axe finds, but not the contrast within a card, whose colours are the issuer's. axe has to be there.
 * @param {readonly string[]} [rules] only these
 */
globalThis.violations = async (rules) => {
  // The last selector of a target is a list of them if it leads into a shadow root.
  const isOnCard = (target) => {
    const path = [target.at(-1)].flat();
    const found = path.reduce(
      (element, selector) => (element?.shadowRoot ?? element)?.querySelector(selector),
      document,
    );
    return found?.closest(".card") != null;
  };
  const { violations } = await axe.run(document, rules === undefined ? {} : { runOnly: rules });
  return violations.flatMap(({ id, nodes }) =>
    nodes
      .filter(({ target }) => id !== "color-contrast" || !isOnCard(target))
      .map(({ html }) => `${id}: ${html.slice(0, 200)}`),
  );
};

/**
 * The parts of a pass, as nested lists: element with its namespace, attributes in alphabetical order, children. A browser
 * writes a style in one way, whatever it was made from, and text nodes next to each other are one text.
 */
globalThis.partsOfPass = () => {
  const listed = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    const attributes = [...node.attributes].map(({ name, value }) =>
      name === "style" ? `style=${node.style.cssText}` : `${name}=${value}`,
    );
    node.normalize();
    const name = `${node.namespaceURI.split("/").at(-1)}:${node.localName}`;
    return [[name, ...attributes.sort()].join(" "), ...[...node.childNodes].map(listed)];
  };
  return [...document.querySelectorAll(".card, .google-card, .actions, .details")].map(listed);
};

/** How much of the page has moved by itself since it was opened. Follows the W3C's "Layout Instability". */
globalThis.layoutShift = () =>
  new Promise((resolve) => {
    const observer = new PerformanceObserver((list) => {
      observer.disconnect();
      resolve(list.getEntries().reduce((sum, { value }) => sum + value, 0));
    });
    observer.observe({ type: "layout-shift", buffered: true });
    // Without an entry the observer never calls back.
    setTimeout(() => resolve(0), 200);
  });

/** The element that has the focus: its name, and its id if it has one. */
globalThis.focused = () => {
  const { localName, id } = document.activeElement ?? document.body;
  return id === "" ? localName : `${localName}#${id}`;
};

/** The answer of the scanner that fills the screen. Empty texts: there is none. */
globalThis.answerShown = () => {
  const textOf = (selector) => document.querySelector(selector)?.textContent ?? "";
  return {
    title: textOf(".answer h2"),
    tone: document.querySelector(".answer")?.className.match(/tone-(\w+)/)?.[1] ?? "",
    announced: textOf('[role="alert"]'),
    all: textOf(".answer-words"),
  };
};

/** Waits until the camera has shown so many pictures. */
globalThis.videoFrames = async (count) => {
  const video = document.querySelector("video");
  for (let frame = 0; frame < count; frame++) {
    await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
  }
};

/**
 * A scanner types a code where the focus is. At once, because a busy machine may send real keys too slowly for a scanner.
 * @param {string} code
 * @param {"Enter" | "Tab"} end
 */
globalThis.typeCode = (code, end = "Enter") => {
  const target = document.activeElement ?? document.body;
  for (const key of [...code, end]) {
    target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  }
};

/**
 * A scanner types codes without a network, each once the page has counted the one before: as fast as the page can.
 * @param {readonly string[]} codes
 * @param {number} already how many were counted before
 */
globalThis.typeCodes = async (codes, already) => {
  for (const [index, code] of codes.entries()) {
    typeCode(code);
    const counted = `${already + index + 1} not checked`;
    while (!document.querySelector(".counter").textContent.includes(counted)) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
};
