// @module-tag deep
// @module-tag needs/sst-platform
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Progress } from "embedded-aws/deploy";
import { expect, test } from "vitest";
import type { FactoryEvent } from "../../local/boot/boot-factory.ts";
import { checkoutWith, type EditedCheckout, type Edits, withoutApprovals } from "../world/checkout-with.ts";
import { deployed } from "../world/deployed.ts";
import { DAY } from "../world/time.ts";

const HOUR = DAY / 24;

/** One key is set that the next version renames. */
const config = (text: string): string =>
  withoutApprovals(text).replace('  cloudTrail: "organization",', '$&\n  reconcile: { fullComparisonEvery: "12h" },');

/** A version with a changed component of two images, and with a new name for the key. */
const nextVersion: Edits = {
  "factory.config.ts": config,
  "images/components/harden-ssh.yaml": (text) => text.replace(/^description: /m, "description: Once more, "),
  "core/factory/upkeep-schema.ts": (text) => text.replace("fullComparisonEvery: duration", "completeEvery: duration"),
  "functions/repair/read-hour.ts": (text) => text.replace("reconcile.fullComparisonEvery", "reconcile.completeEvery"),
  "core/factory/renamed-keys.ts": (text) =>
    text.replace(
      "renamedKeys: readonly Rename[] = [",
      '$&\n  { at: "reconcile", from: "fullComparisonEvery", to: "completeEvery", since: "0.1.0", gone: "0.2.0" },',
    ),
};

interface Difference {
  readonly resources: readonly { readonly action: string; readonly name: string }[];
  readonly grants: { readonly added: readonly unknown[]; readonly removed: readonly unknown[] };
  readonly images: readonly { readonly image: string; readonly kind: string; readonly reasons: readonly string[] }[];
  readonly renamedKeys: readonly { readonly from: string; readonly to: string }[];
}

/** `amint diff` in the newer checkout, against the blueprint that is deployed. */
function diff(newer: EditedCheckout, former: EditedCheckout) {
  const against = join(former.root, "blueprint.json");
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["cli/command/amint.mjs", "diff", "--json", "--exit-code", "--against", against],
    { cwd: newer.root, encoding: "utf8" },
  );
  return { status, stderr, found: JSON.parse(stdout) as Difference };
}

/** `al2023-base: schedule` */
const reasonOf = ({ detail }: FactoryEvent): string =>
  `${detail.image}: ${(detail.triggers as { kind: string }[]).map(({ kind }) => kind).join(", ")}`;

test("an upgrade does what amint diff says, warns of the renamed key, and rebuilds nothing without a reason", async () => {
  const former = await checkoutWith({ "factory.config.ts": config });
  const newer = await checkoutWith(nextVersion, ["cli", "local"]);
  const { factory, blueprint, root: program } = former;
  const running = await deployed({ factory, blueprint, program });
  // Past the first patch night.
  await running.pass(18 * DAY);

  const { status, stderr, found } = diff(newer, former);
  const steps: string[] = [];
  await running.booted.redeploy(newer.blueprint, {
    root: newer.root,
    onProgress: ({ action, name }: Progress) => void (action !== "same" && steps.push(`${action} ${name}`)),
  });
  const from = running.events.length;
  const startedSince = () => running.events.slice(from).filter(({ detailType }) => detailType === "build.started");
  await running.pass(6 * HOUR);
  const atOnce = startedSince();
  await running.pass(28 * DAY);

  expect(status).toBe(1);
  expect(stderr).toBe(
    "Warning: factory.config.ts: reconcile.fullComparisonEvery is now called reconcile.completeEvery; the former name works until version 0.2.0\n",
  );
  expect(found.renamedKeys).toMatchObject([{ from: "reconcile.fullComparisonEvery", to: "reconcile.completeEvery" }]);
  expect(found.images).toMatchObject([
    { image: "al2023-base", kind: "recipe", reasons: ["content of component harden-ssh changed"] },
    { image: "ubuntu-2404-base", kind: "recipe", reasons: ["content of component harden-ssh changed"] },
    { image: "al2023-web", kind: "parent" },
  ]);
  expect(found.grants).toEqual({ added: [], removed: [] });
  const kept = (step: string) => !/^(retain|delete) /.test(step);
  expect(found.resources.map(({ action, name }) => `${action} ${name}`).toSorted()).toEqual(
    steps.filter(kept).toSorted(),
  );
  expect(newer.factory).toEqual({ ...factory, reconcile: { completeEvery: 12 * 3600 } });
  expect(atOnce).toEqual([]);
  // The patch night of May, and the child that follows its parent. Any other build would have no reason.
  expect(startedSince().map(reasonOf).toSorted()).toEqual([
    "al2023-base: schedule",
    "al2023-node: schedule",
    "al2023-web: parent",
    "ubuntu-2404-base: schedule",
  ]);
});
