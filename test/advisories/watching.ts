import type { InstanceContext } from "embedded-aws/instances";
import { onTestFinished } from "vitest";
import { packagesAt } from "../../demo/instances.ts";
import type { PackageRepository } from "../../local/package-feeds/package-repository.ts";
import type { Publication } from "../../local/package-feeds/publication.ts";
import { type InProcessFactory, startInProcess } from "../whole/in-process.ts";
import { BEGIN, HOUR } from "../world/time.ts";

export interface Watched extends InProcessFactory {
  /** Publishes for Amazon Linux 2023, this number of hours after the start; a package's version without `.amzn2023`. */
  publish(hours: number, advisory: Publication["advisory"], packages: Readonly<Record<string, string>>): void;
  /** Makes Amazon's server respond with this status; undefined: normally. */
  failWith(status: number | undefined): void;
  /** Lets time pass until this number of hours after the start; grace approves within the hour. */
  until(hours: number): Promise<void>;
  /** Why each of an image's builds was started: kinds of triggers, advisories by their ids. */
  builtFor(image: string): string[];
}

/**
 * The example factory with promoted first builds of its base images at hour 26, of its web server at hour 52.
 * @param vague a package that manifests list without its release
 * @param upgrades whether an instance installs what is published: a component that fails to do so is a fault of the factory's user
 */
export async function startWatched({ upgrades = true, vague = "" } = {}): Promise<Watched> {
  let repository: PackageRepository | undefined;
  const manifest = ({ image, time }: InstanceContext) => {
    const newest = upgrades ? repository?.newest(image.includes("ubuntu") ? "ubuntu-2404" : "al2023") : undefined;
    return packagesAt(image, BEGIN).map((one) => {
      if (one.name === vague) return { ...one, release: null };
      const [, epoch = "0", version, release] =
        /^(?:(\d+):)?(.+)-([^-]+)$/.exec(newest?.get(one.name)?.version ?? "") ?? [];
      return version && release && time > BEGIN ? { ...one, epoch, version, release } : one;
    });
  };
  const factory = await startInProcess(
    {
      step: ({ step, instanceId }) => (step === "ReadInstanceId" ? { stdout: instanceId } : undefined),
      file: (context, path) =>
        path.endsWith("packages.json") ? JSON.stringify({ packages: manifest(context) }) : undefined,
    },
    { publications: [] },
  );
  repository = factory.repository;
  onTestFinished(() => factory.close());
  const answered = new Set<unknown>();
  const { said } = factory;
  return {
    ...factory,
    publish: (hours, advisory, packages) =>
      repository?.publish({
        at: BEGIN + hours * HOUR,
        os: "al2023",
        ...(advisory && { advisory }),
        packages: Object.entries(packages).map(([name, version]) => ({
          name,
          version: `${version}.amzn2023`,
          architecture: "x86_64",
        })),
      }),
    failWith: (status) => repository?.failWith(status, "/al2023/"),
    until: async (hours) => {
      const end = BEGIN + hours * HOUR;
      while (factory.clock.now() < end) {
        await factory.clock.runUntil(Math.min(end, factory.clock.now() + HOUR));
        await approveAll(factory, answered);
      }
    },
    builtFor: (image) =>
      said("build.started", image).map(({ triggers }) =>
        (triggers as { kind: string; advisories?: { id: string }[] }[])
          .flatMap(({ kind, advisories }) => advisories?.map(({ id }) => id) ?? [kind])
          .join(" and "),
      ),
  };
}

/** Answers as `amint approve` does. */
async function approveAll({ events, approve }: InProcessFactory, answered: Set<unknown>): Promise<void> {
  const asked = events
    .filter(({ detailType }) => detailType === "approval.requested")
    .map(({ detail }) => detail.build);
  for (const build of asked.filter((one) => !answered.has(one))) {
    answered.add(build);
    await approve(String(build), "grace");
  }
}

export const important = (id: string) => ({ id, severity: "important" as const, cves: ["CVE-2026-1"] });
