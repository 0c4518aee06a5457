import { defineState, type EmbeddedAws } from "../../../engine/embedded-aws.ts";
import { findImage } from "../../ec2/find-image.ts";
import type { Place } from "../arn.ts";

/**
 * Behaviour of an operating system that can fail scripts which succeed elsewhere. Scripts are not executed: their
 * effect on it is derived from their text.
 */
export interface SimulatedSystem {
  /** Files below /etc/sysctl.d that scripts wrote, with their settings. */
  readonly settings: Map<string, ReadonlyMap<string, string>>;
  /** Ubuntu's crash reporter: at each boot it sets fs.suid_dumpable to 2 (ComplianceAsCode/content #8284). */
  apport: boolean;
  /** Missing commands, by the package that provides them. */
  readonly missing: Map<string, string>;
  /**
   * Debian, RHEL and Rocky Linux: the Systems Manager agent is not preinstalled (its user guide, "Find AMIs with the
   * SSM Agent preinstalled"), and Image Builder's guide requires it in custom AMIs.
   */
  withoutAgent: boolean;
}

const systemsState = defineState<Map<string, SimulatedSystem>>("imagebuilder.systems", () => new Map());

/** The system of an AMI, or of a container image by reference: as a build left it, or as its vendor publishes it. */
export function systemOf(aws: EmbeddedAws, place: Place, image: string): SimulatedSystem {
  const built = aws.state(systemsState, place.account, place.region).get(image);
  if (built) return { ...built, settings: new Map(built.settings), missing: new Map(built.missing) };
  const name = findImage(aws, place.region, image)?.name ?? image;
  return {
    settings: new Map(),
    apport: /ubuntu/i.test(name),
    // amazonlinux/amazon-linux-2023 #355.
    missing: new Map(/amazonlinux:2023/.test(name) ? [["find", "findutils"]] : []),
    withoutAgent: /^(debian-\d+-|RHEL-|Rocky-)/.test(name),
  };
}

/** The effect of a recipe's user data when the build instance starts, as far as its text shows. */
export function playUserData(system: SimulatedSystem, script: string): void {
  const installs =
    /\b((apt|apt-get|dnf|yum)\s[^\n;&|]*\binstall|(dpkg|rpm)\s+(-i|-U|--install|--upgrade))\b[^\n;&|]*\bamazon-ssm-agent/;
  if (installs.test(withoutComments(script))) system.withoutAgent = false;
}

/**
 * After user data, Image Builder cleans up only if the script left this file (user guide, "Security best practices").
 */
export const asksForCleanUp = (script: string, workingDirectory: string): boolean =>
  withoutComments(script).includes(`${workingDirectory}/perform_cleanup`);

const withoutComments = (script: string): string => script.replaceAll(/^\s*#.*$/gm, "");

/** An AMI created from an instance has the instance's system. */
export function keepSystem(aws: EmbeddedAws, place: Place, imageId: string, system: SimulatedSystem): void {
  aws.state(systemsState, place.account, place.region).set(imageId, system);
}

const OFF = [
  /systemctl\s[^\n;&|]*\b(mask|disable)\s[^\n;&|]*\bapport\b/,
  /enabled=0[^\n;&|]*\/etc\/default\/apport\b/,
  /apt(-get)?\s[^\n;&|]*\b(remove|purge)\s[^\n;&|]*\bapport\b/,
];
const WRITTEN = />\s*(\/etc\/sysctl\.d\/[\w.-]+)\s*<<-?\s*['"]?(\w+)['"]?\n([\s\S]*?)\n\s*\2(?:\n|$)/g;
const INSTALLED = /\b(?:dnf|microdnf|yum)\s[^\n;&|]*\binstall\s[^\n;&|]*/g;
const READ = /<\s*(\/etc\/sysctl\.d\/[\w.-]+)/g;

/**
 * A script's effect on a system, as far as its text shows; also changes the system.
 * @param booted whether the instance was launched from the image with these settings
 * @returns why it fails; undefined if no failure is known
 */
export function playScript(
  system: SimulatedSystem,
  script: string,
  booted: boolean,
): { readonly exitCode: number; readonly stderr: string } | undefined {
  const code = withoutComments(script);
  for (const [installed] of code.matchAll(INSTALLED)) {
    for (const [command, from] of system.missing) {
      if (new RegExp(`\\s${from}(?![\\w-])`).test(installed)) system.missing.delete(command);
    }
  }
  const absent = [...system.missing.keys()].find((one) => new RegExp(`(^|[\\n;|&(\`])\\s*${one}\\s`).test(code));
  // In `$(...)` bash would continue with an empty result.
  if (absent) return { exitCode: 127, stderr: `${absent}: command not found` };
  if (OFF.some((pattern) => pattern.test(code))) system.apport = false;
  for (const [, file = "", , lines = ""] of code.matchAll(WRITTEN)) system.settings.set(file, toSettings(lines));
  return booted && /\bsysctl\s+(-n|--values)\b/.test(code) ? compareSettings(system, code) : undefined;
}

const toSettings = (lines: string): ReadonlyMap<string, string> =>
  new Map(
    lines.split("\n").flatMap((line) => {
      const [, name, value] = /^\s*([\w./-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value] as const];
    }),
  );

/** After a boot each setting is as in its file, unless a service has set it since. */
function compareSettings({ settings, apport }: SimulatedSystem, code: string) {
  const running = new Map(apport ? [["fs.suid_dumpable", "2"]] : []);
  for (const [, file = ""] of code.matchAll(READ)) {
    for (const [name, value] of settings.get(file) ?? []) {
      const actual = running.get(name) ?? value;
      if (actual !== value) return { exitCode: 1, stderr: `${name} is ${actual}, ${file} says ${value}` };
    }
  }
  return undefined;
}
