import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { type BackendName, backends } from "component-runner";
import { installed } from "embedded-aws/testing/programs";
import { outputOf } from "./outputs.ts";

/** What a test needs beyond Node and the files of the checkout. */
export interface Need {
  /** Names it in a run's report. */
  readonly what: string;
  /** Debian packages that bring it. */
  readonly packages?: string;
  /** What brings it, where no Debian package does. */
  readonly how?: string;
  /** @returns the reason why it is missing; undefined if it is there */
  readonly missing: () => Promise<string | undefined>;
}

interface Source {
  readonly packages?: string;
  readonly how?: string;
  /** Its least version, compared with the first number in what `--version` prints. */
  readonly least?: string;
}

/** A program on the PATH. */
export function program(name: string, { least, ...source }: Source): Need {
  return {
    what: least === undefined ? name : `${name} ${least}`,
    ...source,
    async missing() {
      const found = installed(name);
      if (found.length === 0) return "not installed";
      if (least === undefined) return undefined;
      const versions = await Promise.all(found.map(versionOf));
      return versions.some((version) => isAtLeast(version, least)) ? undefined : `only version ${versions.join(", ")}`;
    },
  };
}

/** Data that is not part of the repository, by its path from the checkout. */
export const data = (path: string): Need => ({
  what: path,
  how: `put the data at ${path}`,
  missing: async () => (existsSync(path) ? undefined : "no such file"),
});

/** A backend in which component documents run for real. */
export const backend = (name: BackendName, source: Source): Need => ({
  what: `the backend ${name}`,
  ...source,
  async missing() {
    const reasons = (await backends.find((one) => one.name === name)?.missing()) ?? [];
    return reasons.length === 0 ? undefined : reasons.join("; ");
  },
});

/** A container engine that has the vendor's image that the tests start from, so that they need no registry. */
export function engine(name: "docker" | "podman", source: Source): Need {
  const own = backend(name, source);
  return {
    ...own,
    what: `the backend ${name} with the image ${ENGINES_IMAGE}`,
    how: `${source.how ?? `apt-get install ${source.packages}`}, and ${name} pull ${ENGINES_IMAGE}`,
    async missing() {
      const [path] = installed(name);
      const reason = await own.missing();
      if (reason !== undefined || path === undefined) return reason ?? "not installed";
      const found = await promisify(execFile)(path, ["image", "inspect", ENGINES_IMAGE]).catch(() => undefined);
      return found ? undefined : `it does not have ${ENGINES_IMAGE}`;
    },
  };
}

const ENGINES_IMAGE = "debian:12";

/** The first version number that a program prints for `--version`; empty if there is none. */
export async function versionOf(path: string): Promise<string> {
  return /\d+(?:\.\d+)*/.exec((await outputOf(path, ["--version"])) ?? "")?.[0] ?? "";
}

const isAtLeast = (version: string, least: string): boolean =>
  version.localeCompare(least, "en", { numeric: true }) >= 0;
