import { type Import, importsOf, sourceFiles } from "../../architecture/source-files.ts";
import { type Box, type Drawing, type Edge, fills } from "./draw.ts";

/** What docs/architecture.md says of each layer, in few words. */
const layers: Readonly<Record<string, Omit<Box, "title">>> = {
  cli: { lines: ["the commands of amint"], fill: fills.consumer },
  demo: { lines: ["the example's month"], fill: fills.consumer },
  local: { lines: ["a factory's world on a laptop"], fill: fills.consumer },
  stacks: { lines: ["resources, grants, rules"], fill: fills.channel },
  functions: { lines: ["one file per Lambda"], fill: fills.channel },
  "factory.config.ts": { lines: ["the example factory"], fill: fills.trigger },
  adapters: { lines: ["effects: AWS, ledger, feeds, Slack"], fill: fills.gate },
  core: { lines: ["decisions: pure functions"], fill: fills.gate },
  events: { lines: ["schemas and patterns"], fill: fills.gate },
  "embedded-aws": { lines: ["AWS in Node, a package"], fill: fills.step },
  "component-runner": { lines: ["component documents, a package"], fill: fills.step },
};

/** The layer of a path or of a package's name. */
function layerOf(path: string): string | undefined {
  const layer = /^packages\/([^/]+)\/(?!test\/)/.exec(path)?.[1] ?? path.split("/")[0];
  return layer !== undefined && layer in layers ? layer : undefined;
}

/** By layer: the other layers that its files import. */
function measureImports(imports: readonly Import[]): ReadonlyMap<string, readonly string[]> {
  const crossing = imports.flatMap(({ path, target }) => {
    const [from, to] = [layerOf(path), layerOf(target)];
    return from !== undefined && to !== undefined && from !== to ? [{ from, to }] : [];
  });
  return new Map(
    [...Map.groupBy(crossing, ({ from }) => from)].map(([from, all]) => [from, [...new Set(all.map(({ to }) => to))]]),
  );
}

const order = Object.keys(layers);

const isDown = (from: string, to: string): boolean => order.indexOf(from) < order.indexOf(to);

/**
 * Who imports whom. A pale arrow leads where other arrows lead, too; a dashed one points to a layer above. Without numbers,
 * so that only a new relation of two layers changes the picture.
 */
export function layersOf(): Drawing {
  const imports = measureImports(sourceFiles().flatMap(importsOf));
  const down = new Map([...imports].map(([from, targets]) => [from, targets.filter((to) => isDown(from, to))]));
  const edges = order.flatMap((from) =>
    order
      .filter((to) => imports.get(from)?.includes(to))
      .map((to): Edge => {
        if (!isDown(from, to)) return { from, to, isDashed: true, isLoose: true };
        const isByOthers = down.get(from)?.some((layer) => layer !== to && leads(layer, to, down));
        return { from, to, ...(isByOthers && { isPale: true }) };
      }),
  );
  return {
    title: "Who imports whom",
    direction: "TB",
    boxes: new Map(Object.entries(layers).map(([title, box]) => [title, { title, ...box }])),
    // A stack declares a function by its file's path, which bundling follows.
    edges: [...edges, { from: "stacks", to: "functions", label: "by path", isDashed: true }],
    ranks: [["adapters", "factory.config.ts"]],
  };
}

function leads(from: string, to: string, imports: ReadonlyMap<string, readonly string[]>): boolean {
  return from === to || (imports.get(from) ?? []).some((layer) => leads(layer, to, imports));
}
