import { relative } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The files that take longest, in order, as `npm run bench -- tests` prints them; a clone has no durations of earlier runs. */
export const longest = [
  "test/whole/month.test.ts",
  "test/repair/drift-events.test.ts",
  "test/security/four-eyes.test.ts",
  "test/advisories/feeds/bombs.test.ts",
  "test/repair/reconcile-idle.test.ts",
  "test/export/exports.test.ts",
  "test/build/command.test.ts",
  "test/retirement/throttles.test.ts",
  "test/rollout/consumers-side.test.ts",
  "test/retirement/restored.test.ts",
  "test/revocation/revoke.test.ts",
  "test/whole/ledger/migration.test.ts",
  "test/try/one-config.test.ts",
  "test/notice/slack-secrets.test.ts",
  "test/advisories/watch-packages.test.ts",
  "packages/embedded-aws/test/wire/round-trips.test.ts",
];

/** Starts the longest files of a project first, so that no worker ends alone with one of them. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification) => longest.indexOf(relative(this.ctx.config.root, moduleId));
    const byProject = [...Map.groupBy(sorted, ({ project }) => project.name).values()];
    return byProject.flatMap((some) => [
      ...some.filter((file) => rank(file) >= 0).sort((a, b) => rank(a) - rank(b)),
      ...some.filter((file) => rank(file) < 0),
    ]);
  }
}
