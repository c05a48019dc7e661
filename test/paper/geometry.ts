import { pageItems, type Item, type Page } from "../../src/paper/page.ts";

const MM_PER_POINT = 25.4 / 72;

export interface Box {
  readonly item: Item;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Where a text or a rule leaves ink. */
export function inkOf(item: Item): Box {
  if (item.kind === "text") {
    const size = item.size * MM_PER_POINT;
    return {
      item,
      left: item.x,
      top: item.baseline - 0.76 * size,
      right: item.x + item.width,
      bottom: item.baseline + 0.24 * size,
    };
  }
  if (item.kind === "qr") throw new Error("these papers have no QR code");
  const half = (item.weight * MM_PER_POINT) / 2;
  return {
    item,
    left: item.x1 - (item.x1 === item.x2 ? half : 0),
    top: item.y1 - half,
    right: item.x2 + (item.x1 === item.x2 ? half : 0),
    bottom: item.y2 + half,
  };
}

/** Pairs of items on top of each other; the rules of a table meet. */
export function overlapsOn(page: Page): [Item, Item][] {
  const boxes = pageItems([page]).map(inkOf);
  return boxes.flatMap((a, i) =>
    boxes
      .slice(i + 1)
      .filter(
        (b) =>
          !(a.item.kind === "rule" && b.item.kind === "rule") &&
          a.left < b.right &&
          b.left < a.right &&
          a.top < b.bottom &&
          b.top < a.bottom,
      )
      .map((b): [Item, Item] => [a.item, b.item]),
  );
}

/** The texts of some pages, in reading order. */
export function textsOn(pages: readonly Page[]): string[] {
  return pageItems(pages).flatMap((item) => (item.kind === "text" ? [item.text] : []));
}
