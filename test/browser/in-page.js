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

/** What axe finds, but not the contrast within a card, whose colours are the issuer's. axe has to be there. */
globalThis.violations = async () => {
  const { violations } = await axe.run(document);
  return violations.flatMap(({ id, nodes }) =>
    nodes
      .filter(
        ({ target }) => id !== "color-contrast" || !document.querySelector(target.at(-1))?.closest(".card"),
      )
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
  return [...document.querySelectorAll(".card, .actions, .details")].map(listed);
};
