import { keyPolicy } from "../../core/share/key-policy.ts";
import { factory } from "../program/factory.ts";
import { logicalName, place, resourceName, tags } from "./deployment.ts";

const policy = JSON.stringify(keyPolicy(factory, place));

/** Retained when the stack is removed: without its key, no AMI can be launched. */
const makeKey = (region: string): $util.Output<string> => {
  const name = `ImageKey${logicalName(region)}`;
  const key = new aws.kms.Key(
    name,
    {
      region,
      description: `Images of the factory ${factory.name} in ${region}`,
      enableKeyRotation: true,
      multiRegion: false,
      deletionWindowInDays: 30,
      policy,
      tags,
    },
    { retainOnDelete: true },
  );
  new aws.kms.Alias(
    `${name}Alias`,
    { region, name: `alias/${resourceName("images")}`, targetKeyId: key.keyId },
    { retainOnDelete: true },
  );
  return key.arn;
};

/**
 * One key per region for all of the factory's resources there: created by the stack, or named in the config. Single-Region,
 * because a copy is re-encrypted with the key of its own region.
 */
const keys = new Map(
  factory.regions.map((region) => {
    const given = factory.keys?.[region];
    return [region, given === undefined ? makeKey(region) : $util.output(given)] as const;
  }),
);

/** The ARN of a region's key. A bare key id would mean another key in a consumer account. */
export function keyArn(region: string = place.region): $util.Output<string> {
  const key = keys.get(region);
  if (!key) throw new Error(`The factory has no key in ${region}; its regions are ${[...keys.keys()].join(", ")}.`);
  return key;
}
