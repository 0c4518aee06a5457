import { neverOpens, rolledOutChannels } from "../rollout/opening.ts";
import { refuseManagement } from "./check-channels.ts";
import type { Factory } from "./factory-schema.ts";
import type { Rollout, Wave } from "./rollout-schema.ts";

/** Roll-outs that AWS would refuse, that could reach no group or never begin, and keys that no roll-out uses. */
export const checkRollouts = (factory: Factory): string[] => [
  ...Object.entries(factory.images).flatMap(([image, { kind, channels }]) =>
    channels.flatMap(({ rollout }, index) => {
      const at = `images.${image}.channels[${index}].rollout`;
      if (!rollout) return [];
      if (kind === "container") {
        return [`${at}: Auto Scaling groups launch AMIs, not container images; remove it, or set kind to "ami"`];
      }
      return [
        ...checkConsumersSide(at, factory),
        ...checkWaves(`${at}.waves`, rollout.waves, factory),
        ...checkUrgentWaves(`${at}.urgent.waves`, rollout),
        ...checkHealth(at, rollout),
        ...checkWindows(at, image, rollout, factory),
      ];
    }),
  ),
  ...checkUnused(factory),
];

/** A role of the StackSet finds and refreshes groups; rings are written next to the mirrored parameters. */
function checkConsumersSide(at: string, { consumers }: Pick<Factory, "consumers">): string[] {
  if (!consumers) {
    return [`${at}: requires consumers, whose StackSet creates the role that refreshes groups; found nothing`];
  }
  return consumers.mirror
    ? []
    : [`${at}: requires consumers.mirror: true, because groups read parameters of their own account; found false`];
}

function checkWaves(at: string, waves: readonly Wave[], { organization }: Pick<Factory, "organization">): string[] {
  return waves.flatMap((wave, nth) => {
    const { name, accounts = [], organizationalUnits = [] } = wave;
    const before = waves.slice(0, nth);
    const isTaken = (key: "accounts" | "organizationalUnits", id: string, index: number): string[] => {
      const listed = (one: Wave): readonly string[] => one[key] ?? [];
      const other = before.find((one) => listed(one).includes(id));
      if (other)
        return [
          `${at}[${nth}].${key}[${index}]: expected each ID in one wave, found "${id}", which is in wave "${other.name}"`,
        ];
      return listed(wave).indexOf(id) < index
        ? [`${at}[${nth}].${key}[${index}]: expected each ID once, found "${id}" again`]
        : [];
    };
    return [
      ...(before.some((one) => one.name === name)
        ? [`${at}[${nth}].name: expected each name once, found "${name}" again`]
        : []),
      ...(takesAll(wave) && nth < waves.length - 1
        ? [
            `${at}[${nth}]: expected organizationalUnits, accounts or tag, found none: "${name}" would have every group, and later waves none`,
          ]
        : []),
      ...accounts.flatMap((id, index) => [
        ...isTaken("accounts", id, index),
        ...refuseManagement(`${at}[${nth}].accounts[${index}]`, id, organization.managementAccountId),
      ]),
      ...organizationalUnits.flatMap((id, index) => isTaken("organizationalUnits", id, index)),
    ];
  });
}

/** An urgent build reaches every group, each once. */
function checkUrgentWaves(at: string, { waves, urgent }: Rollout): string[] {
  if (!urgent?.waves) return [];
  const known = waves.map(({ name }) => name);
  const used = urgent.waves.flat();
  const asOnce = `${at}: expected each of ${known.join(", ")} once`;
  return [
    ...used.flatMap((name, index) =>
      known.includes(name) && used.indexOf(name) === index
        ? []
        : [`${asOnce}, found "${name}"${known.includes(name) ? " again" : ""}`],
    ),
    ...known.flatMap((name) => (used.includes(name) ? [] : [`${asOnce}, found no "${name}"`])),
  ];
}

const takesAll = ({ organizationalUnits, accounts, tag }: Wave): boolean => !organizationalUnits && !accounts && !tag;

/** The two differ by at most 100 (API reference, RefreshPreferences). */
const WIDEST = 100;

function checkHealth(at: string, { minHealthy, maxHealthy }: Pick<Rollout, "minHealthy" | "maxHealthy">): string[] {
  if (maxHealthy - minHealthy > WIDEST) {
    return [
      `${at}.maxHealthy: expected at most ${minHealthy + WIDEST}, ${WIDEST} above minHealthy ${minHealthy}, found ${maxHealthy}`,
    ];
  }
  if (minHealthy === 100 && maxHealthy === 100) {
    return [
      `${at}.maxHealthy: expected above 100 with minHealthy 100, found 100: a group could neither launch an instance first nor terminate one`,
    ];
  }
  return [];
}

const checkWindows = (at: string, image: string, { windows }: Rollout, { blackouts }: Factory): string[] =>
  windows.length > 0 && neverOpens(windows, blackouts, image)
    ? [
        `${at}.windows: expected a window outside the blackouts within a year, found none: no instance would ever be replaced`,
      ]
    : [];

/** Keys that only roll-outs use. */
function checkUnused(factory: Factory): string[] {
  const { consumers, objectives, organization } = factory;
  const { templateVersions = [], instanceRoles = [], calendars = [] } = consumers?.rollout ?? {};
  const given = Object.entries({ templateVersions, instanceRoles, calendars }).filter(([, some]) => some.length > 0);
  const hasNone = rolledOutChannels(factory).length === 0;
  const wanted = "expected a channel with rollout, found none";
  return [
    ...(hasNone ? given.map(([name]) => `consumers.rollout.${name}: ${wanted}`) : []),
    ...(hasNone && objectives.patched90 !== undefined ? [`objectives.patched90: ${wanted}`] : []),
    ...(instanceRoles.length > 0 && templateVersions.length === 0
      ? ["consumers.rollout.instanceRoles: expected accounts in consumers.rollout.templateVersions, found none"]
      : []),
    ...templateVersions.flatMap((id, index) =>
      refuseManagement(`consumers.rollout.templateVersions[${index}]`, id, organization.managementAccountId),
    ),
  ];
}
