import { regionsOfBuilds, regionsOfChannel, regionsOfImage } from "../channel/regions.ts";
import { BUILD_VOLUME_GIB } from "../containers/build-volume.ts";
import type { Blueprint } from "../factory/blueprint.ts";
import type { Factory } from "../factory/factory-schema.ts";
import type { Image } from "../factory/image-schema.ts";
import { instanceTypesOf } from "../factory/instance-types.ts";
import { counted, type Part } from "./cost-lines.ts";
import type { CostKind } from "./items.ts";
import { type MeasuredMonth, MONTH_HOURS, measuredMonth, ownName, scheduledRuns } from "./measured-month.ts";

/** What no count of the embedded AWS can show. */
export const assumptions = {
  /** Seconds of an invocation, by the function's time limit in seconds: the first that is not exceeded. */
  seconds: [
    { upTo: 60, seconds: 0.3 },
    { upTo: 300, seconds: 2 },
    { upTo: 900, seconds: 10 },
  ],
  logKiB: 2,
  containerGiB: 0.2,
  ledgerGiB: 0.1,
  evidenceGiB: 0.5,
  /** Of each stored container image in a month. */
  rescans: 4,
  canaryMinutes: 5,
} as const;

type Deployed = Pick<Blueprint, "resources">;

interface Expected {
  /** A month in which no trigger fires, after a month with builds. */
  readonly idle: readonly Part[];
  /** A month with builds. */
  readonly busy: readonly Part[];
}

/** What a factory is expected to use in a month, from its resources and from what the example's month used. */
export function expectUse(blueprint: Deployed, factory: Factory, builds: number): Expected {
  const scale = builds / exampleBuilds(factory);
  const standing = [...countStanding(blueprint, factory), ...countStored(factory, scale)];
  return {
    idle: [...standing, ...countSnapshots(factory, scale, 1), ...countWork(blueprint, factory, 0)],
    busy: [
      ...standing,
      ...countSnapshots(factory, scale, measuredMonth.storedShare),
      ...countBuilds(blueprint, factory, scale),
      ...countWork(blueprint, factory, scale),
    ],
  };
}

/** As many builds of each image as the example has in its month. */
export const exampleBuilds = ({ images }: Pick<Factory, "images">): number =>
  Object.values(images).reduce((sum, image) => sum + perImage(image, 1).builds, 0);

/** An image's share of the measured builds of its kind. */
function perImage({ kind }: Pick<Image, "kind">, scale: number) {
  const { images, ...of } = measuredMonth[kind];
  const share = scale / images;
  return {
    builds: of.builds * share,
    build: of.buildHours * share,
    test: of.testHours * share,
    stored: of.stored * share,
  };
}

const standingTypes: Readonly<Record<string, CostKind>> = {
  "aws:cloudwatch/dashboard:Dashboard": "dashboards",
  "aws:cloudwatch/metricAlarm:MetricAlarm": "alarms",
  "aws:kms/key:Key": "keys",
};

function countStanding({ resources }: Deployed, factory: Factory): Part[] {
  const { buildRegion } = factory;
  const images = Object.values(factory.images);
  const channels = images.flatMap((image) => image.channels.map((channel) => ({ image, channel })));
  const scheduled = Object.values(scheduledRuns(factory.name, resources));
  // Each function counts what it handled; hourly are two metrics of each image, and the age of each channel's build.
  const writtenHours = scheduled.reduce((sum, runs) => sum + Math.min(runs, MONTH_HOURS), 0);
  return [
    ...resources.flatMap(({ type, region }) => (standingTypes[type] ? [counted(standingTypes[type], region, 1)] : [])),
    counted("metrics", buildRegion, 2 * images.length + channels.length + writtenHours / MONTH_HOURS),
    // Only advanced parameters can be shared.
    ...channels.flatMap(({ image, channel }) =>
      regionsOfChannel(factory, image, channel).map((region) => counted("parameters", region, 1)),
    ),
    counted("ledger-storage", buildRegion, assumptions.ledgerGiB),
    counted("ledger-backup", buildRegion, assumptions.ledgerGiB),
    counted("s3-storage", buildRegion, assumptions.evidenceGiB),
    counted(
      "schedules",
      buildRegion,
      scheduled.reduce((sum, runs) => sum + runs, 0),
    ),
  ];
}

const countSnapshots = (factory: Factory, scale: number, share: number): Part[] =>
  Object.values(factory.images).flatMap((image) =>
    image.kind === "container"
      ? []
      : regionsOfImage(factory, image).map((region) =>
          counted("snapshots", region, perImage(image, scale).stored * measuredMonth.amiGiB * share),
        ),
  );

/** Container images, in the repository of builds and in each channel's. */
const countStored = (factory: Factory, scale: number): Part[] =>
  Object.values(factory.images).flatMap((image) => {
    if (image.kind !== "container") return [];
    const stored = perImage(image, scale).stored * (1 + image.channels.length);
    return [
      ...regionsOfBuilds(factory, image).map((region) =>
        counted("repositories", region, stored * assumptions.containerGiB),
      ),
      counted("inspector-rescans", factory.buildRegion, stored * assumptions.rescans),
    ];
  });

function countBuilds({ resources }: Deployed, factory: Factory, scale: number): Part[] {
  const { buildRegion, consumers } = factory;
  const canary = consumers?.canary;
  const isScanned = resources.some(({ type }) => type === "aws:inspector2/enabler:Enabler");
  const canaries = measuredMonth.callers["start-canary"]?.invocations ?? 0;
  const kinds = Object.values(factory.images).map(({ architecture }) => architecture);
  return [
    ...Object.values(factory.images).flatMap((image) => {
      const { build, test, stored } = perImage(image, scale);
      const [of = ""] = instanceTypesOf(factory, image);
      const isContainer = image.kind === "container";
      const gib = isContainer ? assumptions.containerGiB : measuredMonth.amiGiB;
      const elsewhere = isContainer ? regionsOfBuilds(factory, image) : regionsOfImage(factory, image);
      return [
        counted("build-instance", buildRegion, build, of),
        counted("test-instance", buildRegion, test, of),
        counted("volume", buildRegion, ((build + test) * (image.volumeGiB ?? BUILD_VOLUME_GIB)) / MONTH_HOURS),
        ...elsewhere
          .filter((region) => region !== buildRegion)
          .map((region) => counted("copies", region, stored * gib, buildRegion)),
        ...(isScanned ? [counted("inspector-instances", buildRegion, (build + test) / MONTH_HOURS)] : []),
        ...(isScanned && isContainer
          ? [counted("inspector-images", buildRegion, stored * (1 + image.channels.length))]
          : []),
      ];
    }),
    // Two instances for each: launched directly, and by Auto Scaling.
    ...(canary
      ? kinds.map((architecture) =>
          counted(
            "canary-instance",
            buildRegion,
            (((canaries * scale * 2) / kinds.length) * assumptions.canaryMinutes) / 60,
            canary.instanceTypes[architecture],
          ),
        )
      : []),
  ];
}

/** What functions, state machines and roles do: schedules with a rate always, everything else by the builds. */
function countWork({ resources }: Deployed, { name: factory, buildRegion }: Factory, scale: number): Part[] {
  const runs = scheduledRuns(factory, resources);
  const functions = resources.filter(({ type }) => type === "aws:lambda/function:Function");
  const deployed = new Map(functions.map(({ inputs }) => [ownName(factory, String(inputs.name)) ?? "", inputs]));
  const machines = resources.flatMap(({ type, inputs }) =>
    type === "aws:sfn/stateMachine:StateMachine" ? [ownName(factory, String(inputs.name)) ?? ""] : [],
  );
  const { callers, transitions } = measuredMonth;
  return [
    ...[...deployed].flatMap(([name, inputs]) => {
      const { invocations = 0, scheduled = 0, ...calls } = callers[name] ?? {};
      const times = (runs[name] ?? 0) + (invocations - scheduled) * scale;
      return [...countRuns(inputs, buildRegion, times), ...countCalls(calls, buildRegion, times / (invocations || 1))];
    }),
    ...Object.entries(callers).flatMap(([name, { invocations, scheduled: _, ...calls }]) =>
      invocations === undefined && !deployed.has(name) ? countCalls(calls, buildRegion, scale) : [],
    ),
    ...machines.map((name) => counted("transitions", buildRegion, (transitions[name] ?? 0) * scale)),
  ].filter(({ quantity }) => quantity > 0);
}

function countRuns(inputs: Blueprint["resources"][number]["inputs"], region: string, times: number): Part[] {
  const limit = Number(inputs.timeout);
  const seconds = assumptions.seconds.find(({ upTo }) => limit <= upTo)?.seconds ?? limit;
  const [architecture = "x86_64"] = (inputs.architectures ?? []) as string[];
  return [
    counted("lambda-requests", region, times),
    counted("lambda-compute", region, (times * seconds * Number(inputs.memorySize)) / 1024, architecture),
    counted("log-ingestion", region, (times * assumptions.logKiB) / 1024 ** 2),
    counted("traces", region, times),
  ];
}

type Calls = MeasuredMonth["callers"][string];

const countCalls = (calls: Omit<Calls, "invocations" | "scheduled">, region: string, times: number): Part[] =>
  Object.entries(calls).map(([kind, count]) => counted(kind as CostKind, region, count * times * unitsOfCall(kind)));

/** DynamoDB bills request units: a call's mean. */
function unitsOfCall(kind: string): number {
  const { requestUnits, callers } = measuredMonth;
  if (kind !== "dynamodb-reads" && kind !== "dynamodb-writes") return 1;
  return requestUnits[kind] / Object.values(callers).reduce((sum, calls) => sum + (calls[kind] ?? 0), 0);
}
