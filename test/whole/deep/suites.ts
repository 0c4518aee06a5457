import { deepFiles } from "./deep-files.ts";

interface Named {
  /** What `npm run test:deep -- <name>` runs. */
  readonly name: string;
  /** What it tests, for `--list`. */
  readonly about: string;
}

/** A suite whose tests divide their cases with `sizeOf` or `chosenOf`: each part runs the same tests on other cases. */
export interface SizedSuite extends Named {
  readonly files: readonly string[];
  /** How many parts the full size has. */
  readonly parts: number;
  /** How many parts take turns in CI; default: all. The seed selects the cases, so each seed runs different ones. 0: none. */
  readonly turns?: number;
  /** What one part takes on one core, as measured. */
  readonly seconds: number;
}

/** A suite of separate tests, which are dealt to as many parts as their recorded durations need. */
export interface ListedSuite extends Named {
  /** Default: all files with deep tests that no other suite names. */
  readonly files?: readonly string[];
  /** Takes no turns in CI: it runs with `--all`, or by its name. */
  readonly onlyAll?: true;
}

const sized: readonly SizedSuite[] = [
  {
    name: "way-back",
    about: "random schedules of promotions, approvals, rollbacks, revocations and crashes: 5,000",
    files: ["test/channel/way-back.test.ts"],
    parts: 10,
    seconds: 47,
  },
  {
    name: "retirement",
    about: "random histories of builds that grow old: 5,000",
    files: ["test/retirement/retire-histories.test.ts"],
    parts: 20,
    seconds: 40,
  },
  {
    name: "roll-outs",
    about: "random histories of roll-outs: 5,000; a crash before and after each call",
    files: ["test/rollout/histories.test.ts", "test/rollout/crashes.test.ts"],
    parts: 10,
    turns: 2,
    seconds: 30,
  },
  {
    name: "one-start",
    about: "random orders of triggers: 1,000 stories",
    files: ["test/build/one-start.test.ts"],
    parts: 5,
    seconds: 25,
  },
  {
    name: "faults",
    about: "random faults under the whole factory: 50 seeds",
    files: ["test/whole/faults.test.ts"],
    parts: 50,
    turns: 8,
    seconds: 30,
  },
  {
    name: "approval-faults",
    about: "random faults while approvers answer in Slack: 50 seeds",
    files: ["test/approval/faults.test.ts"],
    parts: 25,
    turns: 4,
    seconds: 25,
  },
  {
    name: "grants",
    about: "takes each grant away from the blueprint, one at a time",
    files: ["test/whole/grants/every-grant.test.ts"],
    parts: 15,
    seconds: 35,
  },
  {
    name: "try",
    about: "configs unlike the example, each for twelve days with three seeds",
    files: ["test/try/ten-configs.test.ts"],
    parts: 30,
    turns: 10,
    seconds: 35,
  },
  {
    name: "bombs",
    about: "feeds at their limits, in the memory of the function that reads them",
    files: ["test/advisories/feeds/bombs.test.ts"],
    parts: 6,
    seconds: 45,
  },
  {
    name: "hostile-text",
    about: "hostile strings through every notice and every page that commands print: 10,000 each",
    files: ["test/notice/hostile-text.test.ts"],
    parts: 10,
    seconds: 60,
  },
  {
    name: "fuzzing",
    about: "malformed and hostile requests to the embedded AWS: 100,000",
    files: ["packages/embedded-aws/test/wire/malformed-flood.test.ts"],
    parts: 10,
    seconds: 40,
  },
  {
    name: "versions",
    about: "random package versions as `rpm` and `dpkg` order them: 100,000 pairs",
    files: ["test/advisories/oracles.test.ts"],
    parts: 10,
    seconds: 30,
  },
  {
    name: "regions",
    about: "calls of EC2 counted in seventeen regions",
    files: ["test/retirement/throttles.test.ts"],
    parts: 1,
    turns: 0,
    seconds: 120,
  },
];

const listed: readonly ListedSuite[] = [
  {
    name: "clients",
    about: "the AWS CLI and boto3 as clients of the embedded AWS",
    files: ["packages/embedded-aws/test/wire/aws-cli.test.ts", "packages/embedded-aws/test/wire/factory-calls.test.ts"],
  },
  {
    name: "planted",
    about: "faults planted in retirement, which its random histories must notice",
    files: ["test/retirement/retire-histories-planted.test.ts"],
  },
  {
    name: "planted-capabilities",
    about: "a fault planted in each capability, which its tests in `npm test` must notice",
    files: ["test/whole/deep/planted/planted.test.ts"],
  },
  {
    name: "planted-everywhere",
    about: "the same faults, each against the whole of `npm test`",
    files: ["test/whole/deep/planted/planted-everywhere.test.ts"],
    onlyAll: true,
  },
  {
    name: "shared-grants",
    about: "takes many grants away at once; a function gets a grant back when an invocation failed for the lack of it",
    files: ["test/whole/grants/shared-days.test.ts"],
    onlyAll: true,
  },
  {
    name: "trust-policies",
    about: "takes each trust policy away that a service checks when it receives the role",
    files: ["test/whole/grants/trust.test.ts"],
  },
  {
    name: "unnoticed-grants",
    about: "grants whose absence nothing notices, each justified",
    files: ["test/whole/grants/unnoticed.test.ts"],
    onlyAll: true,
  },
  {
    name: "shared-month",
    about: "the same in the example's month",
    files: ["test/whole/grants/shared-month.test.ts"],
    onlyAll: true,
  },
  {
    name: "upgrade",
    about: "a new version with a changed component and a renamed key, compared with the output of `amint diff`",
    files: ["test/whole/upgrade.test.ts"],
  },
  { name: "months", about: "four months through the CLI", files: ["test/whole/four-months.test.ts"], onlyAll: true },
  {
    name: "first-ten-minutes",
    about: "the commands of README and docs/getting-started.md, from an empty folder",
    files: ["test/docs/first-ten-minutes.test.ts"],
    onlyAll: true,
  },
  {
    name: "first-deployment",
    about: "the commands of docs/first-deployment.md, removal included",
    files: ["test/whole/first-deployment.test.ts"],
    onlyAll: true,
  },
  {
    name: "terraform",
    about: "Terraform's AWS provider: every resource type of the blueprint, a user's own pipeline, a consumer's group",
    files: [
      "test/docs/consumers-terraform.test.ts",
      "test/whole/terraform/blueprint.test.ts",
      "test/whole/terraform/pipeline.test.ts",
    ],
    onlyAll: true,
  },
  {
    name: "machines",
    about: "virtual machines with a kernel of their own, and disk images that boot in them",
    files: ["packages/component-runner/test/isolation/virtual-machine.test.ts", "test/build/bootable-disk.test.ts"],
    onlyAll: true,
  },
  { name: "scenarios", about: "all other tests with the tag `deep`" },
];

export const suites: readonly (SizedSuite | ListedSuite)[] = [...sized, ...listed];

export const isSized = (suite: SizedSuite | ListedSuite): suite is SizedSuite => "parts" in suite;

/** The files of a suite. */
export function filesOf(suite: SizedSuite | ListedSuite): readonly string[] {
  if (suite.files) return suite.files;
  const named = new Set(suites.flatMap(({ files = [] }) => files));
  return deepFiles().filter((file) => !named.has(file));
}
