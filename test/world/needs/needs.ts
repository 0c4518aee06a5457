import { globSync } from "node:fs";
import { installed } from "embedded-aws/testing/programs";
import type { TestTagDefinition } from "vitest";
import { isPlatformInstalled } from "../../../stacks/blueprint/install-platform.ts";
import { mirror } from "../../whole/terraform/mirror.ts";
import { backend, data, engine, type Need, program, versionOf } from "./need.ts";
import { outputOf } from "./outputs.ts";

/** Whether a program of this name prints a text for some arguments. */
async function prints(name: string, args: readonly string[], text = ""): Promise<string | undefined> {
  for (const path of installed(name)) if ((await outputOf(path, args))?.includes(text)) return undefined;
  return `no ${name} on the PATH has it`;
}

/**
 * All needs. A test declares one by its tag, on a test, a `describe` or a file:
 *
 *     test("an archive signed by gpg is read", { tags: "needs/gpg" }, () => { … });
 *
 * Vitest skips the test where the need is not met, and the run ends with a list of what is missing (`report.ts`).
 */
export const needs = {
  "apt-ftparchive": program("apt-ftparchive", { packages: "apt-utils" }),
  "apt-lists": {
    what: "apt, with lists of Debian's security archive",
    how: "apt-get update",
    async missing() {
      if (installed("apt-get").length === 0) return "not installed";
      return globSync("/var/lib/apt/lists/*_dists_*-security_InRelease").length > 0 ? undefined : "never updated";
    },
  },
  "aws-cli": program("aws", { packages: "awscli" }),
  "aws-cli-2": program("aws", { packages: "awscli", least: "2.0" }),
  "aws-cli-cis-scans": {
    what: "an AWS CLI that has Inspector's CIS scans (2024)",
    how: "pip install awscli",
    missing: () => prints("aws", ["inspector2", "list-cis-scans", "--generate-cli-skeleton", "input"]),
  },
  "aws-cli-refreshes": {
    what: "an AWS CLI that has MaxHealthyPercentage (2023)",
    how: "pip install awscli",
    missing: () =>
      prints("aws", ["autoscaling", "start-instance-refresh", "--generate-cli-skeleton"], "MaxHealthyPercentage"),
  },
  "aws-cli-module": {
    what: "the AWS CLI as a module of python3",
    packages: "awscli",
    missing: () => prints("python3", ["-c", "import awscli.clidriver"]),
  },
  bash: program("bash", { packages: "bash", least: "4.0" }),
  boto3: { what: "boto3", packages: "python3-boto3", missing: () => prints("python3", ["-c", "import boto3"]) },
  bubblewrap: backend("bubblewrap", { packages: "bubblewrap slirp4netns mmdebstrap" }),
  chromium: program("chromium", { packages: "chromium" }),
  createrepo_c: program("createrepo_c", { packages: "createrepo-c" }),
  docker: engine("docker", { how: "start a Docker engine" }),
  dpkg: program("dpkg", { packages: "dpkg" }),
  fish: program("fish", { packages: "fish" }),
  gpg: program("gpg", { packages: "gpg gpg-agent" }),
  namespaces: backend("namespaces", { packages: "crun slirp4netns iproute2 e2fsprogs mmdebstrap" }),
  "older-node": {
    what: "a Node older than 24",
    packages: "nodejs",
    async missing() {
      const versions = await Promise.all(installed("node").map(versionOf));
      return versions.some((version) => Number.parseInt(version, 10) < 24) ? undefined : "none on the PATH";
    },
  },
  openssl: program("openssl", { packages: "openssl" }),
  oscap: program("oscap", { packages: "openscap-scanner" }),
  podman: engine("podman", { packages: "podman" }),
  "private-mounts": {
    what: "private mounts (unshare --mount)",
    how: "allow user namespaces, or run the tests as root",
    missing: () =>
      prints("unshare", ["--mount", "--net", ...(process.getuid?.() === 0 ? [] : ["--map-root-user"]), "true"]),
  },
  "qemu-img": program("qemu-img", { packages: "qemu-utils" }),
  rpm: program("rpm", { packages: "rpm", least: "4.14" }),
  rpmbuild: program("rpmbuild", { packages: "rpm" }),
  script: program("script", { packages: "bsdutils" }),
  "shared-asl-cases": data("../shared/conformance/asl-cases.json"),
  "shared-components": data("../shared/conformance/components"),
  "shared-event-patterns": data("../shared/conformance/event-patterns.json"),
  "shared-updateinfo": data("../shared/conformance/updateinfo"),
  "sst-platform": {
    what: "SST's platform, which evaluates the program of a config",
    how: "npm run blueprint",
    missing: async () => (isPlatformInstalled(process.cwd()) ? undefined : "not fetched yet"),
  },
  terraform: program("terraform", { how: "install Terraform", least: "1.5" }),
  "terraform-provider": {
    what: "Terraform with a mirror of its AWS provider",
    how: "see CONTRIBUTING.md, What a test needs",
    missing: async () => (mirror === undefined ? "no mirror" : program("terraform", {}).missing()),
  },
  vm: backend("vm", { packages: "qemu-system-x86 qemu-utils ovmf slirp4netns fdisk dosfstools mtools mmdebstrap" }),
  x86_64: {
    what: "a processor of the type x86_64",
    how: "another machine",
    missing: async () => (process.arch === "x64" ? undefined : process.arch),
  },
  xz: program("xz", { packages: "xz-utils" }),
  zsh: program("zsh", { packages: "zsh" }),
} as const satisfies Readonly<Record<string, Need>>;

export type NeedName = keyof typeof needs;

declare module "vitest" {
  interface TestTags {
    ours: "deep" | `needs/${NeedName}`;
  }
}

export const needNames = Object.keys(needs) as NeedName[];

/** The tags of all needs, for Vitest: tests with the tag of a missing one are skipped. */
export const tagsOf = (missing: ReadonlyMap<NeedName, string>): TestTagDefinition[] =>
  needNames.map((need) => ({
    name: `needs/${need}`,
    description: needs[need].what,
    ...(missing.has(need) && { skip: true }),
  }));

/** Needs that are not met on this machine, with the reasons. */
export async function findMissing(): Promise<ReadonlyMap<NeedName, string>> {
  const reasons = await Promise.all(needNames.map((name) => needs[name].missing()));
  return new Map(needNames.flatMap((name, at) => (reasons[at] === undefined ? [] : [[name, reasons[at]] as const])));
}
