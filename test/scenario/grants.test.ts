import { describe, expect, test } from "vitest";
import { readBlueprint } from "../../cli/blueprint.ts";
import { reportGrants } from "../../cli/iam/report-grants.ts";
import factory from "../../factory.config.ts";
import type { Blueprint } from "../../local/deploy/blueprint.ts";
import { type Denial, onDenied } from "../../local/iam/denials.ts";
import { liveStory, startStory } from "./grants-story.ts";
import { type Grant, grantsIn, inWords, without } from "./role-grants.ts";

const SAMPLE = 12;

/** Lives through the story up to the first refusal. */
async function firstDenial(blueprint: Blueprint): Promise<Denial | undefined> {
  const running = await startStory(blueprint);
  let first: Denial | undefined;
  onDenied(running.booted.aws, (denied) => {
    first ??= denied;
  });
  try {
    await liveStory(running, () => first !== undefined);
    return first;
  } finally {
    await running.close();
  }
}

async function wholeStory(blueprint: Blueprint) {
  const running = await startStory(blueprint);
  const denials: string[] = [];
  onDenied(running.booted.aws, ({ message }) => denials.push(message));
  await liveStory(running, () => false);
  const report = reportGrants(running.booted.aws, factory.name);
  await running.close();
  return { denials, unused: report.unused };
}

const blueprint = await readBlueprint();
const { denials, unused } = await wholeStory(blueprint);

const unusedOf = ({ role, policy, statement, action }: Grant) =>
  unused.filter(
    (one) => one.role === role && one.policy === policy && one.statement === statement && one.action === action,
  );

/** Where it was asked for on none of its resources. */
const isUnused = (grant: Grant): boolean => unusedOf(grant).length === grant.resources.length;

const grants = grantsIn(blueprint);
const needed = grants.filter((grant) => !isUnused(grant));
/** Always the same ones, spread over all roles. */
const sample = needed.filter((_, index) => (index * 7919) % needed.length < SAMPLE);
const tried = process.env.AMINT_ALL_GRANTS ? needed : sample;

describe("the factory's grants", () => {
  test("suffice when everything goes wrong", () => {
    expect(denials).toEqual([]);
  });

  test(`are all needed when everything goes wrong (${needed.length} of ${grants.length}), save for a reason`, () => {
    const withoutReason = grants.filter(isUnused).filter((grant) => !unusedOf(grant).every(({ never }) => never));

    expect(withoutReason.map(inWords)).toEqual([]);
  });

  test(`are missed by name when one is taken away (${tried.length} of ${needed.length}; all with AMINT_ALL_GRANTS=1)`, {
    timeout: 30 * 60_000,
  }, async () => {
    const unnoticed: string[] = [];
    for (const grant of tried) {
      const denied = await firstDenial(without(blueprint, grant));
      if (!denied) unnoticed.push(inWords(grant));
      else expect(denied, inWords(grant)).toMatchObject(refusalOf(grant, denied.resource));
    }

    expect(unnoticed).toEqual([]);
  });
});

/** AccessDenied in AWS's words, with role, action and resource. */
const refusalOf = ({ role, action }: Grant, resource: string) => ({
  action,
  principal: { roleArn: `arn:aws:iam::${blueprint.account}:role/${role}` },
  message: expect.stringMatching(
    new RegExp(`:assumed-role/${role}/\\S+ is not authorized to perform: ${action} on resource: ${escaped(resource)} `),
  ),
});

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
