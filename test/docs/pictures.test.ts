import { expect, test } from "vitest";
import { inDuration } from "../../cli/command/moments.ts";
import type { Channel } from "../../core/factory/channel-schema.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import type { Image } from "../../core/factory/image-schema.ts";
import { consumersUnder } from "../../demo/organization.ts";
import factory from "../../factory.config.ts";
import { type Import, importsOf, sourceFiles } from "../architecture/source-files.ts";
import { type Box, type Drawing, draw, type Edge, fills } from "./pictures/draw.ts";
import { lifeOf } from "./pictures/life.ts";

/** Moves a label off its arrow: Graphviz centres it there. */
const BESIDE = "\u00a0".repeat(16);

const beside = (label: string): string => label && label + BESIDE;

/**
 * README's picture: how a build of an image flows to accounts, read from the example's config and organization.
 * @param name the image's in the config
 */
function flowOf(factory: Factory, name: string): Drawing {
  const image = factory.images[name]!;
  const { buildRegion, regions, consumers, notify } = factory;
  const boxes = new Map<string, Box>([
    ["triggers", { title: "Triggers", lines: triggerLines(image), fill: fills.trigger }],
    [
      "build",
      { title: "EC2 Image Builder", lines: [name, `build in ${buildRegion}`, "test, CVE scan"], fill: fills.step },
    ],
    ["gate", { title: "Gate", lines: gateLines(image), fill: fills.gate }],
    [
      "verify",
      {
        title: "Copy and verify",
        lines: [...regions, `launch and KMS dry runs`, `in ${consumers?.verify.length ?? 0} consumer accounts`],
        fill: fills.step,
      },
    ],
    [
      "notify",
      {
        title: "Notices",
        lines: ["SNS", ...(notify.slack ? [`Slack ${notify.slack.channel}`] : [])],
        fill: fills.step,
      },
    ],
  ]);
  const edges: Edge[] = [
    { from: "triggers", to: "build" },
    { from: "build", to: "gate" },
    { from: "gate", to: "verify", label: beside("passed") },
    // Drawn backwards, so that notices stand above the gate and what passed continues below it.
    { from: "notify", to: "gate", label: beside("rejected"), back: true },
  ];
  let before = { node: "verify", label: "" };
  for (const channel of image.channels) {
    const node = `channel-${channel.name}`;
    boxes.set(node, { title: `Channel ${channel.name}`, lines: channelLines(channel), fill: fills.channel });
    boxes.set(`${node}-accounts`, {
      title: "Shared with",
      lines: audienceLines(channel, factory),
      fill: fills.consumer,
    });
    edges.push({ from: before.node, to: node, label: beside(before.label) }, { from: node, to: `${node}-accounts` });
    before = { node, label: channel.soak.usual > 0 ? `after ${inDuration(channel.soak.usual)}` : "" };
    if (channel.rollout) {
      const waves = channel.rollout.waves.map((wave) => `wave ${wave.name}, bakes ${inDuration(wave.bake)}`);
      boxes.set(`${node}-rollout`, { title: "Roll-out to Auto Scaling", lines: waves, fill: fills.consumer });
      edges.push({ from: node, to: `${node}-rollout` });
    }
    for (const child of childrenOf(factory, name, channel)) {
      boxes.set(`child-${child}`, { title: child, lines: ["is rebuilt on it"], fill: fills.trigger });
      edges.push({ from: node, to: `child-${child}` });
    }
  }
  return {
    title: `How a build of ${name} flows to accounts`,
    direction: "LR",
    boxes,
    edges,
    ranks: [["verify", "gate", "notify"], image.channels.map((channel) => `channel-${channel.name}`)],
  };
}

function triggerLines({ triggers, parent }: Image): string[] {
  const { schedule, packages, base } = triggers;
  return [
    ...(schedule?.kind === "patch-tuesday" ? [`Patch Tuesday +${schedule.plusDays}d ${schedule.at}`] : []),
    ...(schedule && schedule.kind !== "patch-tuesday" ? ["schedule"] : []),
    ...(packages ? [`advisory: ${packages.severity} or worse`] : []),
    ...(base ? ["new base AMI"] : []),
    ...(triggers.parent && "image" in parent ? [`new ${parent.image}`] : []),
    "amint build",
  ];
}

const gateLines = ({ gate, tests }: Image): string[] => [
  `${tests.length} test components`,
  ...Object.entries(gate.cve ?? {}).flatMap(([rule, most]) =>
    typeof most === "number" ? [`${rule} CVEs: ${most}`] : [],
  ),
  ...Object.keys(gate).filter((rule) => rule !== "cve"),
];

const channelLines = ({ approval }: Channel): string[] => [
  "SSM parameter per region",
  ...(approval ? [`approval: ${approval.approvers.join(" or ")}`] : []),
];

function audienceLines({ share }: Channel, { organization }: Factory): string[] {
  const units = share.organizationalUnits.map((id) => consumersUnder(id));
  return [
    ...(share.organization ? [`organization ${organization.id}:`, `${consumersUnder().count} consumer accounts`] : []),
    ...units.map(({ name, count }) => `OU ${name}: ${count} accounts`),
    ...share.accounts.map((id) => `account ${id}`),
  ];
}

const childrenOf = ({ images }: Factory, parent: string, channel: Channel): string[] =>
  Object.entries(images).flatMap(([name, { parent: from, triggers }]) =>
    triggers.parent && "image" in from && from.image === parent && from.channel === channel.name ? [name] : [],
  );

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
function layersOf(): Drawing {
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

test.each([
  ["flow", flowOf(factory, "al2023-base")],
  ["layers", layersOf()],
  ["life-of-a-build", lifeOf(factory.name)],
] as const)("docs/%s.svg shows what the code says; `npm run pictures` draws it again", async (name, drawing) => {
  await expect(await draw(drawing)).toMatchFileSnapshot(`../../docs/${name}.svg`);
});
