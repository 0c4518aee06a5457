import type { Factory } from "../../../core/factory/factory-schema.ts";
import { factoryOf, imageOf } from "../../world/factory-of.ts";

export const ACCOUNT = "111122223333";
export const HOME = "eu-west-1";
export const IMAGE = "base";

/** The approvers in the config; any other principal is unknown. */
export const PEOPLE = ["ada", "grace", "linus"] as const;
export const principalOf = (name: string): string => `arn:aws:sts::${ACCOUNT}:assumed-role/Team/${name}`;

/** How many approvals each channel requires; default: none. */
export interface Asking {
  readonly candidate?: 0 | 1 | 2;
  readonly stable?: 0 | 1 | 2;
  /** The number of regions that each channel needs; default: all. */
  readonly quorum?: number | undefined;
}

const made = new Map<string, Factory>();

/** An image with two channels, each with different consumers. */
export function factoryThatAsks(asking: Asking, regions: readonly string[]): Factory {
  const key = JSON.stringify([asking, regions]);
  const factory = made.get(key) ?? makeFactory(asking, regions);
  made.set(key, factory);
  return factory;
}

const makeFactory = ({ candidate, stable, quorum }: Asking, regions: readonly string[]): Factory =>
  factoryOf({
    name: "way",
    regions: [...regions],
    people: Object.fromEntries(PEOPLE.map((name) => [name, { principals: [principalOf(name)] }])),
    images: {
      [IMAGE]: imageOf({
        description: "an image",
        channels: [
          { name: "candidate", share: { accounts: ["444455556666"] }, soak: "1h", ...approval(candidate), quorum },
          { name: "stable", share: { accounts: ["777788889999"] }, ...approval(stable), quorum },
        ],
      }),
    },
  });

const approval = (required = 0) => (required > 0 ? { approval: { approvers: ["ada", "grace"], required } } : {});
