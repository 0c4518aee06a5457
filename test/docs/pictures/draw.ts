import { instance } from "@viz-js/viz";

/** One box: a bold title over plain lines. */
export interface Box {
  readonly title: string;
  readonly lines: readonly string[];
  readonly fill: string;
  /** An event is an oval. */
  readonly isOval?: true;
  /** The title of the frame around the boxes of a group. */
  readonly group?: string;
}

export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly label?: string;
  /** The arrow points from `to` to `from`. */
  readonly back?: true;
  readonly isDashed?: true;
  readonly isPale?: true;
  /** Does not decide which box stands above the other. */
  readonly isLoose?: true;
}

export interface Drawing {
  /** What a screen reader says. */
  readonly title: string;
  readonly direction: "LR" | "TB";
  readonly boxes: ReadonlyMap<string, Box>;
  readonly edges: readonly Edge[];
  /** Boxes on one level. */
  readonly ranks?: readonly (readonly string[])[];
}

export const fills = { trigger: "#e0f2fe", step: "#f8fafc", gate: "#fef3c7", channel: "#dcfce7", consumer: "#ede9fe" };

/** A label that an arrow crosses hides the arrow. */
const LEGIBLE = "<style>.edge text, .cluster text { paint-order: stroke; stroke: white; stroke-width: 4px; }</style>";

/** @returns SVG on white, which is legible on pages of any colour */
export async function draw(drawing: Drawing): Promise<string> {
  const svg = (await instance()).renderString(toDot(drawing), { format: "svg" });
  return svg
    .replace(/<svg[^>]*>/, (start) => `${start}\n<title>${toHtml(drawing.title)}</title>\n${LEGIBLE}`)
    .replaceAll(/class="node">[\s\S]*?<\/g>/g, centreText);
}

/** Centres a box's lines: Graphviz begins them where Helvetica would, but other fonts are wider. */
function centreText(node: string): string {
  const [, oval, path = ""] = /<ellipse [^>]*cx="([^"]+)"|<path [^>]*d="([^"]+)"/.exec(node) ?? [];
  const xs = [...path.matchAll(/(-?[\d.]+),/g)].map(([, x]) => Number(x));
  const centre = oval ?? ((Math.min(...xs) + Math.max(...xs)) / 2).toFixed(2);
  return node.replaceAll(/text-anchor="start" x="[^"]+"/g, `text-anchor="middle" x="${centre}"`);
}

function toDot({ direction, boxes, edges, ranks = [] }: Drawing): string {
  const grouped = Map.groupBy(boxes, ([, { group = "" }]) => group);
  const nodes = [...grouped].map(([group, members], index) => {
    const lines = members.map(([node, box]) => toNode(node, box));
    if (group === "") return lines.join("\n    ");
    return `subgraph cluster_${index} {
      graph [label=<<b>${toHtml(group)}</b>> labeljust=l fontsize=12 style="rounded" color="#94a3b8" fontcolor="#475569" margin=12];
      ${lines.join("\n      ")}
    }`;
  });
  const same = ranks.map((rank) => `{ rank=same; ${rank.map((node) => `"${node}";`).join(" ")} }`);
  return `digraph {
    graph [rankdir=${direction} nodesep=0.25 ranksep=0.35 pad=0.1 bgcolor="white" fontname="Helvetica"];
    node [shape=box style="rounded,filled" color="#475569" fontname="Helvetica" margin="0.2,0.08"];
    edge [color="#475569" fontname="Helvetica" fontsize=12];
    ${[...nodes, ...edges.map(toArrow), ...same].join("\n    ")}
  }`;
}

function toNode(node: string, { title, lines, fill, isOval }: Box): string {
  const text = [`<b>${toHtml(title)}</b>`, ...lines.map((line) => `<font point-size="12">${toHtml(line)}</font>`)];
  const shape = isOval ? ' shape=oval style="filled" margin="0.02,0.02"' : "";
  return `"${node}" [fillcolor="${fill}" label=<${text.join("<br/>")}>${shape}];`;
}

function toArrow({ from, to, label = "", back, isDashed, isPale, isLoose }: Edge): string {
  const style = [
    back && "dir=back",
    isDashed && "style=dashed",
    isPale && 'color="#cbd5e1" fontcolor="#64748b"',
    isLoose && "constraint=false",
  ].filter(Boolean);
  return `"${from}" -> "${to}" [label="${label}"${style.map((text) => ` ${text}`).join("")}];`;
}

const toHtml = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
