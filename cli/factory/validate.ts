import { Command, Option } from "commander";
import { findProject } from "../../stacks/blueprint/project.ts";
import { factoryNow } from "../command/factory-clock.ts";
import { printFound, printJson } from "../command/print.ts";
import type { Validation } from "./find-faults.ts";
import type { Finding } from "./finding.ts";
import { offlineHalf } from "./offline-half.ts";
import { type NotRun, onlineHalf } from "./online-half.ts";
import { findTypeErrors } from "./type-errors.ts";

interface Options {
  readonly config?: string;
  readonly offline?: true;
  readonly online?: true;
  readonly json?: true;
}

/** `amint validate`: finds problems before they occur, first without AWS, then with it. */
export const validateCommand = (): Command =>
  new Command("validate")
    .description(
      "check config and components without AWS, then organization, regions, keys and Inspector; exit code 1: problems found",
    )
    .addOption(new Option("--offline", "run only checks that need no credentials and no network").conflicts("online"))
    .option("--online", "fail if AWS cannot be called")
    .action(async (options: Options) => {
      const validated = await validate(options, await today(options));
      if (options.json) printJson(toJson(validated));
      else printFound(validated, report);
      const isIncomplete = options.online === true && "why" in validated.online;
      if (isIncomplete || validated.findings.some(({ warning }) => !warning)) process.exitCode = 1;
    });

/** Offline, uses this machine's date. */
const today = ({ offline }: Options): Date | Promise<Date> =>
  offline ? new Date() : factoryNow().catch(() => new Date());

/** The results of both halves. */
export interface Validated {
  /** False if the config is unusable; nothing else was checked then. */
  readonly usable: boolean;
  /** Whether the project's TypeScript checked the config. */
  readonly typed: boolean;
  readonly online: Validation | NotRun;
  readonly findings: readonly Finding[];
}

async function validate({ config, offline }: Options, now: Date): Promise<Validated> {
  const { factory, findings } = await offlineHalf(config, now);
  if (!factory) {
    const online = { why: "the config cannot be used", fix: "correct it first" };
    return { usable: false, typed: false, online, findings };
  }
  const [types, online] = await Promise.all([
    findTypeErrors(findProject(config).config),
    offline ? { why: "--offline", fix: "leave out --offline" } : onlineHalf(factory),
  ]);
  const typed = types !== undefined;
  const known = new Set(findings.map(({ where }) => where));
  const more = "why" in online ? [] : online.findings.filter(({ where }) => !known.has(where));
  return { usable: true, typed, online, findings: [...findings, ...(types ?? []), ...more] };
}

function toJson({ usable, typed, online, findings }: Validated) {
  const offline = { run: true, configUsable: usable, typesChecked: typed };
  if ("why" in online) return { offline, online: { run: false, ...online }, findings };
  const { account, deployed, organization } = online;
  return {
    offline,
    online: { run: true },
    account,
    deployed,
    findings,
    ...(organization && { accounts: organization.accounts.length, units: organization.units.length }),
  };
}

/** The findings with their fixes, which halves ran, and the number of problems. */
export function report({ usable, typed, online, findings }: Validated): string[] {
  const problems = findings.filter(({ warning }) => !warning).length;
  return [
    ...findings.flatMap(({ where, what, fix, warning }) => [
      `${warning ? "warning: " : ""}${where}: ${what}`,
      `  fix: ${fix}`,
      "",
    ]),
    usable
      ? `Offline half run: config, ${typed ? "types, " : ""}components, Dockerfiles, regions, dates.`
      : "Offline half run: config only; components, Dockerfiles, regions and dates once it can be used.",
    ...(usable && !typed
      ? ["Types not checked: the project has no TypeScript (fix: npm install --save-dev typescript)."]
      : []),
    ...reportOnline(online),
    problems === 0 ? "No problems found." : `${problems} ${problems === 1 ? "problem" : "problems"} found.`,
  ];
}

function reportOnline(online: Validation | NotRun): string[] {
  if ("why" in online) return [`Online half not run: ${online.why} (fix: ${online.fix}).`];
  const { account, deployed, organization } = online;
  return [
    `Online half run as account ${account}.`,
    ...(organization
      ? [`The organization has ${organization.accounts.length} accounts in ${organization.units.length} OUs.`]
      : []),
    ...(deployed
      ? []
      : ["The factory is not deployed there yet: keys, bus and consumer roles are checked once it is."]),
  ];
}
