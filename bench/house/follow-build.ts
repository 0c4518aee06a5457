import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Followed } from "./instrument.ts";

/**
 * `follow-build.ts <tree> <days> <channels>` runs the example's scheduled build, which must reach this number of channels in
 * this number of days, and prints which files of a tree had a function that ran, and through which of them two values
 * pass: the AMI's id, from Image Builder's event to the consumers' parameters, and an approval, from the click to the task's
 * token.
 */
const [tree = ".", days, channels] = process.argv.slice(2);
/** The day before Patch Tuesday. */
const BEGIN = Date.UTC(2026, 3, 13, 8);
const END = BEGIN + Number(days) * 86_400_000;
const APPROVER = "ada";

export interface Trails {
  /** Files with a function that ran. */
  readonly ran: readonly string[];
  /** Files with a function of which the AMI's id is an argument, in the order in which it reaches them. */
  readonly ami: readonly string[];
  /** The same for the approver's id, which an answer has two members deep. */
  readonly approval: readonly string[];
}

const load = (path: string) => import(pathToFileURL(join(tree, path)).href);

/** The tree, with functions that are not minified, and that report their calls. */
function readable(): string {
  const folder = mkdtempSync(join(tmpdir(), "amint-readable-"));
  for (const entry of readdirSync(tree).filter((one) => one !== "bundle.config.ts")) {
    symlinkSync(join(tree, entry), join(folder, entry));
  }
  const at = (path: string) => JSON.stringify(pathToFileURL(path).href);
  const config = JSON.stringify(join(tree, "factory.config.ts"));
  const text = [
    `import { bundleOptions } from ${at(join(tree, "stacks/bundle/options.ts"))};`,
    `import { instrument } from ${at(join(import.meta.dirname, "instrument.ts"))};`,
    `const made = bundleOptions(${config});`,
    "export default { ...made, minify: false, preserveSymlinks: true, plugins: [...made.plugins, instrument()] };\n",
  ];
  writeFileSync(join(folder, "bundle.config.ts"), text.join("\n"));
  return folder;
}

interface Resource {
  readonly type: string;
  readonly name: string;
}
const SCHEDULE = "BuildAl2023BaseSchedule";
/** Resources that start other work: other schedules, and rules for changes in AWS. */
const startsOther = ({ type, name }: Resource): boolean =>
  (type === "aws:scheduler/schedule:Schedule" && name !== SCHEDULE) || /^(Drift|OrganizationChanged)/.test(name);

const isWithin = (value: unknown, wanted: string, depth: number): boolean =>
  value === wanted ||
  (depth > 0 &&
    typeof value === "object" &&
    value !== null &&
    Object.values(value).some((one) => isWithin(one, wanted, depth - 1)));

const { bootExample } = await load("demo/boot-example.ts");
const { answerApprovals } = await load("local/people/answer-approvals.ts");
const { default: factory } = await load("factory.config.ts");
const { ec2State } = await load("packages/embedded-aws/state.ts");
const blueprint = JSON.parse(readFileSync(join(tree, "blueprint.json"), "utf8"));
const program = readable();
/** The value that is followed at this moment, and where it passes. */
let wanted: { readonly value: string; readonly depth: number; readonly passed: Set<string> } | undefined;
const ran = new Set<string>();
const followed: Followed = (file, values) => {
  ran.add(file);
  if (wanted && values.some((value) => isWithin(value, wanted?.value ?? "", wanted?.depth ?? 0))) {
    wanted.passed.add(file);
  }
};
try {
  const running = await bootExample({
    factory,
    blueprint: { ...blueprint, resources: blueprint.resources.filter((one: Resource) => !startsOther(one)) },
    program,
    begin: BEGIN,
    // Slack calls the function URL.
    port: 0,
  });
  const { clock, events, send, booted } = running;
  // Consumers cannot launch before the organization is read.
  await send("reconcile", { wants: "full" });
  await clock.runUntil(BEGIN + 3_600_000);
  Object.assign(globalThis, { followed });
  /** The AMI that Image Builder makes of the followed build. */
  const findAmi = (): string | undefined => {
    const { images } = booted.aws.state(ec2State, blueprint.account, blueprint.buildRegion);
    return [...images.keys()].at(-1);
  };
  while (!findAmi() && clock.now() < END) await clock.runUntil(clock.now() + 60_000);
  const ami = { value: findAmi() ?? "", depth: 0, passed: new Set<string>() };
  wanted = ami;
  await clock.runUntil(END);
  const moved = events.filter(({ detailType }: { detailType: string }) => detailType === "channel.moved").length;
  if (moved < Number(channels)) throw new Error(`The build moved ${moved} channels.`);
  const approval = { value: factory.people[APPROVER].slack, depth: 2, passed: new Set<string>() };
  wanted = approval;
  await answerApprovals(running, APPROVER);
  await clock.runUntil(clock.now() + 60_000);
  await running.close();
  const trails: Trails = { ran: [...ran].sort(), ami: [...ami.passed], approval: [...approval.passed] };
  console.log(JSON.stringify(trails));
} finally {
  rmSync(program, { recursive: true, force: true });
}
process.exit();
