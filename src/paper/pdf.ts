import PDFDocument from "pdfkit";
import { MM_PER_POINT, openFont, type FontRole, type Fonts } from "./fonts.ts";
import type { Block, Item, Page, QrItem, RuleItem, TextItem } from "./page.ts";

/** What a PDF says about itself; all of it can be read without opening the page. */
export interface PdfOptions {
  /** A public name, such as `K7Q2 slip 2 of 3`. */
  readonly title: string;
  /** A language tag, such as `en`. */
  readonly language: string;
  readonly created: Date;
  readonly fonts: Fonts;
}

const FONT_ROLES: readonly FontRole[] = ["regular", "bold", "mono", "monoBold"];

/** Pages as a tagged PDF. The same pages and options give the same bytes. */
export async function renderPdf(pages: readonly Page[], options: PdfOptions): Promise<Uint8Array> {
  const doc = new PDFDocument({
    autoFirstPage: false,
    // no default font: nothing on the page may be set in one that is not embedded
    font: null as unknown as string,
    pdfVersion: "1.7",
    tagged: true,
    lang: options.language,
    displayTitle: true,
    info: {
      Title: options.title,
      Producer: "breakglass",
      Creator: "breakglass",
      CreationDate: options.created,
    },
  });
  const bytes = collect(doc);
  for (const role of FONT_ROLES)
    // the types know only of files and bytes, but pdfkit takes an opened font too
    doc.registerFont(role, openFont(options.fonts, role) as unknown as Buffer);
  const root = doc.struct("Document");
  doc.addStructure(root);
  for (const page of pages) {
    doc.addPage({ size: [points(page.width), points(page.height)], margin: 0 });
    for (const block of page.blocks) drawBlock(doc, root, block);
  }
  root.end();
  doc.end();
  return bytes;
}

function points(mm: number): number {
  return mm / MM_PER_POINT;
}

async function collect(doc: PDFKit.PDFDocument): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of doc) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function drawBlock(doc: PDFKit.PDFDocument, root: PDFKit.PDFStructureElement, block: Block): void {
  const draw = (): void => {
    for (const item of block.items) drawItem(doc, item);
  };
  if (block.tag === "Artifact") {
    doc.markContent("Artifact", { type: "Layout" });
    draw();
    doc.endMarkedContent();
  } else {
    const options = block.alt === undefined ? {} : { alt: block.alt };
    root.add(doc.struct(block.tag, options, draw));
  }
}

function drawItem(doc: PDFKit.PDFDocument, item: Item): void {
  if (item.kind === "text") drawText(doc, item);
  else if (item.kind === "qr") drawQr(doc, item);
  else drawRule(doc, item);
}

function drawText(doc: PDFKit.PDFDocument, item: TextItem): void {
  doc.font(item.font, item.size).text(item.text, points(item.x), points(item.baseline), {
    lineBreak: false,
    baseline: "alphabetic",
    characterSpacing: item.spacing,
  });
}

/** All modules are one path, so that no renderer leaves hairlines between neighbours. */
function drawQr(doc: PDFKit.PDFDocument, { x, y, size, side, dark }: QrItem): void {
  const module = points(size) / side;
  for (let row = 0; row < side; row++) {
    for (let start = 0; start < side;) {
      let end = start;
      while (end < side && dark[row * side + end] === 1) end++;
      if (end > start)
        doc.rect(
          points(x) + start * module,
          points(y) + row * module,
          (end - start) * module,
          module,
        );
      start = end + 1;
    }
  }
  doc.fill("black");
}

function drawRule(doc: PDFKit.PDFDocument, { x1, y1, x2, y2, weight, dashed }: RuleItem): void {
  doc.lineWidth(weight);
  if (dashed) doc.dash(3, { space: 3 });
  doc.moveTo(points(x1), points(y1)).lineTo(points(x2), points(y2)).stroke();
  if (dashed) doc.undash();
}
