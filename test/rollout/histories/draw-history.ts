import { random } from "embedded-aws/faults";
import { AUTO_SCALING_READINGS, type AutoScalingReadings } from "embedded-aws/instances";
import { BUILDING, PRODUCTION, type RolloutInput, TESTING } from "../rollout-driver.ts";

const MODES = ["ring", "copy", "version", "mixed", "override"] as const;
const DEEDS = [
  ...([
    "promote",
    "promote",
    "ungated",
    "revoke",
    "restore",
    "halt",
    "resume",
    "resume",
    "back",
    "crash",
    "crash",
  ] as const),
  ...(["cancel", "cancel", "scale", "scale", "sicken", "heal", "ring", "silence", "suspend", "release"] as const),
  ...(["hear", "hear", "fault", "calm"] as const),
];
type Deed = (typeof DEEDS)[number];

export interface DrawnGroup {
  readonly name: string;
  readonly account: string;
  readonly mode: (typeof MODES)[number];
  readonly desired: number;
}

/** Something that happens a number of minutes after the roll-out began; `dice` decides its details. */
export interface Act {
  readonly minute: number;
  readonly deed: Deed;
  readonly dice: number;
}

export interface History {
  readonly seed: number;
  readonly rollout: RolloutInput;
  readonly readings: Partial<AutoScalingReadings>;
  readonly groups: readonly DrawnGroup[];
  readonly acts: readonly Act[];
}

export const ACCOUNTS = [BUILDING, TESTING, PRODUCTION] as const;
export const LAST_MINUTE = 300;

/** The same history for the same seed. */
export function drawHistory(seed: number): History {
  const dice = random(seed);
  const below = (most: number) => Math.floor(dice() * most);
  const oneOf = <One>(some: readonly One[]): One => some[below(some.length)]!;
  const bake = () => oneOf(["2m", "10m", "30m"]);
  const waves = oneOf([
    [{ name: "all", bake: bake() }],
    [
      { name: "canary", accounts: [BUILDING, TESTING], bake: bake() },
      { name: "rest", bake: bake() },
    ],
    [
      { name: "canary", accounts: [BUILDING], bake: bake() },
      { name: "more", accounts: [TESTING], bake: bake() },
      { name: "rest", bake: bake() },
    ],
  ]);
  const [minHealthy, maxHealthy] = oneOf([
    [100, 110],
    [50, 100],
    [90, 150],
  ] as const);
  const readings = Object.entries(AUTO_SCALING_READINGS).map(([name, ways]) => [name, oneOf<string>(ways)]);
  return {
    seed,
    rollout: {
      waves,
      minHealthy,
      maxHealthy,
      maxFailed: oneOf(["0%", "20%", "50%", "100%"]),
      ...(dice() < 0.4 && { alarms: ["errors"] }),
      ...(dice() < 0.2 && { revoked: "waves" as const }),
    },
    readings: dice() < 0.5 ? {} : (Object.fromEntries(readings) as Partial<AutoScalingReadings>),
    groups: Array.from({ length: 2 + below(3) }, (_, n) => ({
      name: `group-${n}`,
      account: oneOf(ACCOUNTS),
      mode: oneOf(MODES),
      desired: below(5),
    })),
    acts: Array.from({ length: 2 + below(8) }, () => ({
      minute: below(LAST_MINUTE),
      deed: oneOf(DEEDS),
      dice: dice(),
    })).sort((a, b) => a.minute - b.minute),
  };
}

/** The wave of a group that resolves a ring. */
export const waveOfAccount = ({ rollout }: History, account: string): string =>
  (rollout.waves ?? []).find(({ accounts }) => accounts === undefined || accounts.includes(account))?.name ?? "";
