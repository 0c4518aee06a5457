// @module-tag deep
// @module-tag needs/sst-platform
import { DescribeContinuousBackupsCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ImagebuilderClient, ListImagePipelinesCommand, ListImageRecipesCommand } from "@aws-sdk/client-imagebuilder";
import type { Progress } from "embedded-aws/deploy";
import type { InstanceContext, InstancePlan } from "embedded-aws/instances";
import { expect, test } from "vitest";
import { monthOfInstances } from "../../demo/instances.ts";
import { checkoutWith, type EditedCheckout, type Edits, withoutApprovals } from "../world/checkout-with.ts";
import { deployed } from "../world/deployed.ts";
import { DAY } from "../world/time.ts";

const unattended: Edits = { "factory.config.ts": withoutApprovals };

/** The same edits, and then others. */
const then = (first: Edits, second: Edits): Edits => ({
  ...first,
  ...Object.fromEntries(
    Object.entries(second).map(([path, edit]) => [path, (text: string) => edit(first[path]?.(text) ?? text)]),
  ),
});

/** The example has no packages for an image that a test adds: it has those of its parent's system. */
const asBase = <Context extends InstanceContext>(context: Context): Context => ({
  ...context,
  image: context.image.replace("al2023-tools", "al2023-base"),
});

const plan: InstancePlan = {
  ...monthOfInstances,
  file: (context, path) => monthOfInstances.file?.(asBase(context), path),
  packages: (context) => monthOfInstances.packages?.(asBase(context)) ?? [],
};

/** A factory that is deployed again and again. */
async function start(first: EditedCheckout) {
  const { factory, blueprint, root: program } = first;
  const running = await deployed({ factory, blueprint, program, plan });
  const { booted, client, clock, events, pass } = running;
  return {
    ...running,
    /** Deploys; answers what was not left alone. */
    async put({ blueprint, root }: EditedCheckout): Promise<string[]> {
      const steps: string[] = [];
      const onProgress = ({ action, name }: Progress) => void (action !== "same" && steps.push(`${action} ${name}`));
      await booted.redeploy(blueprint, { root, onProgress });
      return steps;
    },
    /** Passes 31 days, with a patch night. @returns the channels that moved, and failures; in April the gate rejects a build */
    async month() {
      const from = events.length;
      await pass(31 * DAY);
      const since = events.slice(from);
      const moved = since.filter(({ detailType }) => detailType === "channel.moved");
      const failed = since.filter(({ detailType }) => /failed|rejected|stuck/.test(detailType));
      const channels = [...new Set(moved.map(({ detail }) => `${detail.image} ${detail.channel}`))].toSorted();
      return { channels, failed: failed.map(({ detailType, detail }) => `${detailType} ${JSON.stringify(detail)}`) };
    },
    async recipes(name: string) {
      const { imageRecipeSummaryList = [] } = await client(ImagebuilderClient).send(new ListImageRecipesCommand({}));
      return imageRecipeSummaryList.filter((one) => one.name === name);
    },
    clock,
  };
}

const channelsOf = (...images: string[]) =>
  images.flatMap((image) => [`${image} candidate`, `${image} stable`]).toSorted();

const everyImage = ["al2023-base", "al2023-node", "al2023-web", "ubuntu-2404-base"];

test("a component changes, and changes back: builds continue, and versions that nothing uses are cleaned up", async () => {
  const former = await checkoutWith(unattended);
  const newer = await checkoutWith(
    then(unattended, {
      "images/components/smoke.yaml": (text) => text.replace(/^description: /m, "description: Once more, "),
    }),
  );
  const factory = await start(former);
  await factory.month();
  // In the middle of a build, whose recipe is replaced.
  await factory.request("al2023-base");
  await factory.pass(10 * 60_000);

  const forward = await factory.put(newer);
  const second = await factory.month();
  const kept = (await factory.recipes("acme-al2023-base")).length;
  const back = await factory.put(former);
  const third = await factory.month();

  const nothing = { channels: channelsOf(...everyImage), failed: [] };
  expect([second, third]).toEqual([nothing, nothing]);
  expect(forward).toContain("replace ComponentSmoke");
  expect(forward).toContain("update PipelineAl2023Base");
  expect(forward).toContain("retain RecipeAl2023Base");
  expect(forward.indexOf("update PipelineAl2023Base")).toBeLessThan(forward.indexOf("retain RecipeAl2023Base"));
  expect(back.toSorted()).toEqual(forward.toSorted());
  expect(kept).toBeGreaterThan(1);
});

test("a parent, a function, a rule and a setting of the table change in place", async () => {
  const former = await checkoutWith(unattended);
  const newer = await checkoutWith(
    then(unattended, {
      "factory.config.ts": (text) =>
        text
          .replace('os: "ubuntu-2404"', 'os: "ubuntu-2204"')
          .replace(
            'parent: { ssm: "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id" }',
            'parent: { ssm: "/aws/service/canonical/ubuntu/server/22.04/stable/current/amd64/hvm/ebs-gp2/ami-id" }',
          ),
      "core/notice/notice.ts": (text) => text.replace("`Packages: $", "`Package list: $"),
      "stacks/rules/rules.ts": (text) => text.replace("A build has ended: builds", "A build is over: builds"),
      "stacks/resources/lambda-function.ts": (text) =>
        text.replace(
          "pointInTimeRecovery: { enabled: true }",
          "pointInTimeRecovery: { enabled: true, recoveryPeriodInDays: 7 }",
        ),
    }),
  );
  const factory = await start(former);
  await factory.month();
  const told = JSON.stringify(factory.slack.messages);

  const steps = await factory.put(newer);
  const after = await factory.month();

  expect(after).toEqual({ channels: channelsOf(...everyImage), failed: [] });
  expect(steps.filter((step) => !/Version$/.test(step)).toSorted()).toEqual([
    "replace RecipeUbuntu2404Base",
    "retain RecipeUbuntu2404Base",
    "update Ledger",
    "update PipelineUbuntu2404Base",
    "update Release",
    // It reads the parent's parameter.
    "update StartBuildRole",
  ]);
  expect(told).not.toContain("Package list: ");
  expect(JSON.stringify(factory.slack.messages)).toContain("Package list: ");
  const backups = await factory
    .client(DynamoDBClient)
    .send(new DescribeContinuousBackupsCommand({ TableName: "amint-acme-ledger" }));
  expect(backups.ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.RecoveryPeriodInDays).toBe(7);
});

test("an image comes and another one goes, and then the former program is deployed again", async () => {
  const former = await checkoutWith(unattended);
  const newer = await checkoutWith(
    then(unattended, {
      "factory.config.ts": (text) => {
        const [web = ""] = /\n {4}"al2023-web": \{[\s\S]*?\n {4}\},/.exec(text) ?? [];
        const [base = ""] = /\n {4}"al2023-base": \{[\s\S]*?\n {4}\},/.exec(text) ?? [];
        return text.replace(web, base.replace("al2023-base", "al2023-tools"));
      },
    }),
  );
  const factory = await start(former);
  await factory.month();

  const forward = await factory.put(newer);
  const pipelines = await factory.client(ImagebuilderClient).send(new ListImagePipelinesCommand({}));
  const changed = await factory.month();
  const back = await factory.put(former);
  const restored = await factory.month();

  expect(forward).toEqual(
    expect.arrayContaining(["create PipelineAl2023Tools", "delete PipelineAl2023Web", "retain RecipeAl2023Web"]),
  );
  expect(pipelines.imagePipelineList?.map(({ name }) => name).toSorted()).toEqual([
    "acme-al2023-base",
    "acme-al2023-node",
    "acme-al2023-tools",
    "acme-ubuntu-2404-base",
  ]);
  expect(changed).toEqual({
    channels: channelsOf("al2023-base", "al2023-node", "al2023-tools", "ubuntu-2404-base"),
    failed: [],
  });
  expect(back).toEqual(
    expect.arrayContaining(["create PipelineAl2023Web", "create RecipeAl2023Web", "delete PipelineAl2023Tools"]),
  );
  expect(restored).toEqual({ channels: channelsOf(...everyImage), failed: [] });
});
