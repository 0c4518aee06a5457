import { inDuration } from "../../../cli/command/moments.ts";
import type { Channel } from "../../../core/factory/channel-schema.ts";
import type { Factory } from "../../../core/factory/factory-schema.ts";
import type { Image } from "../../../core/factory/image-schema.ts";
import { consumersUnder } from "../../../demo/organization.ts";
import { type Box, type Drawing, type Edge, fills } from "./draw.ts";

/** Moves a label off its arrow: Graphviz centres it there. */
const BESIDE = "\u00a0".repeat(16);

const beside = (label: string): string => label && label + BESIDE;

/**
 * README's picture: how a build of an image flows to accounts, read from the example's config and organization.
 * @param name the image's in the config
 */
export function flowOf(factory: Factory, name: string): Drawing {
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
    before = { node, label: channel.soak > 0 ? `after ${inDuration(channel.soak)}` : "" };
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
