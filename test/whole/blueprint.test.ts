import { startAws, VirtualClock } from "embedded-aws";
import type { BlueprintResource } from "embedded-aws/deploy";
import { expect, test } from "vitest";
import { readBlueprint } from "../../cli/command/open-ledger.ts";
import { exampleOrganization } from "../../demo/organization.ts";
import factory from "../../factory.config.ts";
import { optionsInProcess } from "../../local/boot/client-options.ts";
import { setUpManagementAccount } from "../../local/boot/set-up-management-account.ts";
import { root } from "../../stacks/blueprint/project.ts";

/** What dependencies leave open may happen in any order: Pulumi's engine does it at the same time. */
const orders: Readonly<Record<string, (resources: readonly BlueprintResource[]) => BlueprintResource[]>> = {
  "as it stands": (resources) => [...resources],
  backwards: (resources) => resources.toReversed(),
  "by name": (resources) => resources.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
};

test.each(Object.keys(orders))("the checked-in blueprint deploys whole, %s", async (order) => {
  const checkedIn = await readBlueprint();
  const blueprint = { ...checkedIn, resources: orders[order]?.(checkedIn.resources) ?? [] };
  const secrets = { SlackApiUrl: "http://127.0.0.1", FeedMirrors: "{}" };

  const time = new VirtualClock(Date.UTC(2026, 3, 1, 8));
  const { managementAccountId } = factory.organization;

  const booted = await startAws(
    { clock: time, organization: exampleOrganization(factory, blueprint.account) },
    {
      blueprint,
      root,
      secrets,
      before: (aws) =>
        setUpManagementAccount({ factory, ...blueprint }, optionsInProcess(aws, managementAccountId, "us-east-1"), () =>
          time.runUntil(time.now() + 10_000),
        ),
    },
  );
  await booted.close();

  expect(booted.deployment.size).toBe(new Set(blueprint.resources.map(({ name }) => name)).size);
});
