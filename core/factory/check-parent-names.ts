import type { Architecture } from "../component/operating-system.ts";
import { parseReference } from "../containers/references.ts";
import type { Factory } from "./factory-schema.ts";
import type { Image } from "./image-schema.ts";

/** What a parent's name reveals about it; undefined if nothing. */
interface Named {
  /** As `os` of an image, or the name of a system that no image can have; empty where the name does not say it. */
  readonly systems: readonly string[];
  readonly architecture: Architecture | undefined;
}

/** Parameters and tags contain codenames like releases. */
const RELEASES: Readonly<Record<string, string>> = {
  jammy: "22.04",
  noble: "24.04",
  focal: "20.04",
  resolute: "26.04",
  bullseye: "11",
  bookworm: "12",
  trixie: "13",
};

const release = (text: string): string => (RELEASES[text] ?? text).replace(".", "");

type Table = readonly (readonly [RegExp, (found: string) => string | readonly string[]])[];

/** A Core edition is also a parent of the `os` without an edition. */
const coreOf = (year: string): string[] => [`windows-${year}`, `windows-${year}-core`];

/** Public parameters, by their publishers' documentation: Amazon Linux, ECS, EKS, Windows, Canonical, Debian, Bottlerocket, SUSE. */
const PARAMETERS: Table = [
  // Names of variants count as the system they are based on.
  [/^\/aws\/service\/ami-amazon-linux-latest\/(al2023)-ami-minimal-/, (name) => [`${name}-minimal`, name]],
  [/^\/aws\/service\/(ecs|eks)\/optimized-ami\/.*amazon-linux-2023(?=[-/])/, (name) => [`al2023-${name}`, "al2023"]],
  [/^\/aws\/service\/ami-amazon-linux-latest\/(al\d{4})-/, (name) => name],
  [/^\/aws\/service\/ami-amazon-linux-latest\/(amzn2?)-/, (name) => (name === "amzn2" ? "al2" : "al1")],
  [/^\/aws\/service\/(?:ecs|eks)\/optimized-ami\/.*amazon-linux-(2)(?=[-/])/, (year) => `al${year}`],
  [/^\/aws\/service\/canonical\/ubuntu\/[^/]+\/([^/]+)\//, (version) => `ubuntu-${release(version)}`],
  [/^\/aws\/service\/debian\/(?:release|daily)\/([^/]+)\//, (version) => `debian-${release(version)}`],
  [/^\/aws\/service\/ami-windows-latest\/(?:.*-)?Windows_Server-(\d{4})-.*-Core-/, (year) => coreOf(year)],
  [/^\/aws\/service\/ami-windows-latest\/(?:.*-)?Windows_Server-(\d{4})-/, (year) => `windows-${year}`],
  [/^\/aws\/service\/suse\/sles[^/]*\/(\d+)/, (version) => `sles-${version}`],
  [/^\/aws\/service\/(ami-windows-latest|bottlerocket|suse)\//, (name) => (name.startsWith("ami") ? "windows" : name)],
];

/** Names of AMIs as their owners give them: see `withoutParent` in `image-system.ts`, and AWS's documentation. */
const AMIS: Table = [
  [/^debian-(\d+)-/, (version) => `debian-${version}`],
  [/^ubuntu(?:-pro[^/]*)?\/images.*-(\d\d\.\d\d)-/, (version) => `ubuntu-${release(version)}`],
  [/^RHEL-(\d+)/, (version) => `rhel-${version}`],
  [/^Rocky-(\d+)-/, (version) => `rocky-${version}`],
  [/^AlmaLinux OS (\d+)/, (version) => `alma-${version}`],
  [/^suse-sles-(\d+)-/, (version) => `sles-${version}`],
  [/^Windows_Server-(\d{4})-.*-Core-/, (year) => coreOf(year)],
  [/^Windows_Server-(\d{4})-/, (year) => `windows-${year}`],
  [/^(al2023)-ami-minimal-/, (name) => [`${name}-minimal`, name]],
  [/^(al2023)-ami-ecs-/, (name) => [`${name}-ecs`, name]],
  [/^amazon-eks-node-(al2023)-/, (name) => [`${name}-eks`, name]],
  [/^(al2023)-ami-/, (name) => name],
  [/^(amzn2)-ami-/, () => "al2"],
];

/** Names of images that AWS manages, such as `windows-server-2022-english-full-base-x86`. */
const MANAGED: Table = [
  [/^windows-server-(\d{4})-.*-core-/, (year) => coreOf(year)],
  [/^windows-server-(\d{4})-/, (year) => `windows-${year}`],
  [/^amazon-linux-(2023|2)-/, (year) => `al${year}`],
  [/^ubuntu-server-(\d\d)-lts-/, (year) => `ubuntu-${year}04`],
  [/^red-hat-enterprise-linux-(\d+)-/, (version) => `rhel-${version}`],
  [/^suse-linux-enterprise-server-(\d+)-/, (version) => `sles-${version}`],
];

const CONTAINERS: Table = [
  [/(?:^|\/)amazonlinux:(2023|2)(?:$|\.)/, (year) => `al${year}`],
  [/(?:^|\/)ubuntu:([a-z]+|\d\d\.\d\d)$/, (version) => `ubuntu-${release(version)}`],
  [/(?:^|\/)debian:([a-z]+|\d+)(?:-slim)?$/, (version) => `debian-${release(version)}`],
];

const findSystems = (name: string, table: Table): readonly string[] => {
  for (const [pattern, toOs] of table) {
    const found = pattern.exec(name)?.[1];
    if (found) return [toOs(found)].flat();
  }
  return [];
};

const ARCHITECTURES: readonly (readonly [RegExp, Architecture])[] = [
  [/(^|[-_/.* ])(arm64|aarch64)($|[-_/.* ])/i, "arm64"],
  [/(^|[-_/.* ])(x86_64|amd64)($|[-_/.* ])/i, "x86_64"],
];

const architectureIn = (name: string): Architecture | undefined =>
  ARCHITECTURES.find(([pattern]) => pattern.test(name))?.[1];

function readName(parent: Image["parent"]): Named | undefined {
  if ("ami" in parent) {
    return { systems: findSystems(parent.ami.name, AMIS), architecture: architectureIn(parent.ami.name) };
  }
  if ("ssm" in parent) {
    return { systems: findSystems(parent.ssm, PARAMETERS), architecture: architectureIn(parent.ssm) };
  }
  if ("imageBuilder" in parent) {
    const name = parent.imageBuilder.split("/")[1] ?? "";
    const architecture = /-x86$/.test(name) ? "x86_64" : architectureIn(name);
    return { systems: findSystems(name, MANAGED), architecture };
  }
  // An image of a registry has usually several architectures under one tag.
  const tagged = "container" in parent && parseReference(parent.container);
  return tagged ? { systems: findSystems(parent.container, CONTAINERS), architecture: undefined } : undefined;
}

/** Parents whose name says that they are of another system or architecture than the image. */
export const checkParentNames = ({ images }: Pick<Factory, "images">): string[] =>
  Object.entries(images).flatMap(([name, image]) => {
    const { parent, os, architecture } = image;
    const named = readName(parent);
    const at = `images.${name}.parent.${"ami" in parent ? "ami.name" : Object.keys(parent)[0]}`;
    const found = JSON.stringify("ami" in parent ? parent.ami.name : Object.values(parent)[0]);
    return [
      ...(named && named.systems.length > 0 && !named.systems.includes(os)
        ? [`${at}: expected a parent of os "${os}", found one of ${named.systems[0]}: ${found}`]
        : []),
      ...("ssm" in parent && /^\/aws\/service\/(ecs|eks)\/.*\/recommended$/.test(parent.ssm)
        ? [`${at}: the value of this parameter is JSON; expected "${parent.ssm}/image_id", found ${found}`]
        : []),
      ...(named?.architecture && named.architecture !== architecture
        ? [`${at}: expected a parent of architecture "${architecture}", found one of ${named.architecture}: ${found}`]
        : []),
    ];
  });
