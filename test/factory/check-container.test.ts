import { expect, test } from "vitest";
import { checkDockerfile } from "../../core/factory/check-container.ts";
import { defineFactory } from "../../core/factory/define-factory.ts";
import type { FactoryInput } from "../../core/factory/factory-schema.ts";
import { imageOf } from "../world/factory-of.ts";
import { configWith, faultsIn } from "./faults.ts";

type ImageInput = FactoryInput["images"][string];

const PARENT = "public.ecr.aws/amazonlinux/amazonlinux:2023";
const wholeOrganization = { organization: true } as const;

const container = (changes: Partial<ImageInput> = {}): ImageInput =>
  imageOf({
    kind: "container",
    parent: { container: PARENT },
    components: ["images/components/update-al2023-container.yaml"],
    tests: ["images/components/smoke.yaml"],
    ...changes,
  });

const ami = (changes: Partial<ImageInput> = {}): ImageInput => imageOf({ kind: "ami", ...changes });

const define = (images: FactoryInput["images"]) => defineFactory(configWith({ images }));

const faultsOf = (images: FactoryInput["images"]) => faultsIn(() => define(images));

test("a container image has no volume, and an AMI has one by default", () => {
  const { kind, ...unsaid } = ami();

  const { images } = define({ node: container(), base: unsaid });

  expect(kind).toBe("ami");
  expect(images.node).toMatchObject({ kind: "container", parent: { container: PARENT } });
  expect(images.node).not.toHaveProperty("volumeGiB");
  expect(images.base).toMatchObject({ kind: "ami", volumeGiB: 8 });
});

test("a container image can start from another one's channel", () => {
  expect(faultsOf({ node: container(), app: container({ parent: { image: "node", channel: "stable" } }) })).toEqual([]);
});

test.each([
  PARENT,
  "amazonlinux:2023",
  "ubuntu:24.04",
  "localhost:5000/team/web_server:1.2.3",
  `111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/base@sha256:${"a".repeat(64)}`,
])("%s is a parent", (reference) => {
  const os = reference.startsWith("ubuntu") ? "ubuntu-2404" : "al2023";

  expect(faultsOf({ node: container({ os, parent: { container: reference } }) })).toEqual([]);
});

test.each([
  "amazonlinux",
  "public.ecr.aws/amazonlinux/amazonlinux",
  "public.ecr.aws/amazonlinux/amazonlinux:",
  "https://public.ecr.aws/amazonlinux/amazonlinux:2023",
  "team/Web:1",
  "web@sha256:abc",
  "web:1 as build",
])("%s is not a valid parent: it has neither tag nor digest, or is not a reference", (reference) => {
  expect(faultsOf({ node: container({ parent: { container: reference } }) })).toEqual([
    'images.node.parent.container: expected a container image by tag or digest, such as "public.ecr.aws/amazonlinux/' +
      `amazonlinux:2023" or "...@sha256:...", found "${reference}"`,
  ]);
});

test.each(
  Object.entries<[Partial<ImageInput>, string]>({
    "a volume": [{ volumeGiB: 20 }, "volumeGiB: a container image has no volume; remove it, found 20"],
    "an update that boots": [
      { components: ["images/components/update-al2023.yaml"] },
      'components: expected "amint:update-al2023-container" for a container image, found "update-al2023", which is for AMIs',
    ],
    "advisories without the component that installs their packages": [
      { components: ["images/components/nodejs.yaml"], triggers: { packages: { severity: "important" } } },
      'components: expected to contain "amint:update-al2023-container", because of triggers.packages: ' +
        "without it dnf stays at the release of the parent, and a rebuild installs no fix",
    ],
    "a benchmark": [
      { gate: { cve: { count: "all" }, benchmark: { by: "inspector", level: 1 } } },
      "gate.benchmark: not supported for container images, because benchmarks evaluate an instance; remove it",
    ],
    "an age of what a tag means": [
      { gate: { cve: { count: "all" }, parent: { maxAge: "30d" } } },
      "gate.parent: requires a parent that is an image of this factory, because registries do not report since when a tag points at an image",
    ],
    "a watch over what never changes": [
      { parent: { container: `ghcr.io/org/app@sha256:${"0".repeat(64)}` }, triggers: { base: true } },
      `triggers.base: "ghcr.io/org/app@sha256:${"0".repeat(64)}" always means the same image; remove base, or name the parent by tag`,
    ],
    "a watch over a registry that wants credentials": [
      { parent: { container: "111122223333.dkr.ecr.eu-west-1.amazonaws.com/app:v1" }, triggers: { base: true } },
      "triggers.base: private Amazon ECR repositories are not watched; remove base and rebuild by schedule or packages, or make the parent an image of this factory",
    ],
    "a parent that is an AMI": [
      { parent: ami().parent },
      'parent: expected { container } or { image, channel } for an image of kind "container", found { ssm }',
    ],
    "a channel that is called like the builds' repository": [
      { channels: [{ name: "builds", share: wholeOrganization }] },
      'channels[0].name: expected another name, because "builds" is the repository of all builds',
    ],
    "a share by tags": [
      { channels: [{ name: "stable", share: { accountTags: { stage: "test" } } }] },
      "channels[0].share.accountTags: not supported for container images; use organizationalUnits or accounts",
    ],
    "a share with exceptions": [
      { channels: [{ name: "stable", share: { ...wholeOrganization, except: { accounts: ["111122223333"] } } }] },
      "channels[0].share.except: not supported for container images; list the organizationalUnits or accounts to share with",
    ],
    "a template outside of the repository": [
      { container: { dockerfile: "images/../../web" } },
      'container.dockerfile: expected a path within the project, without "..", found "images/../../web"',
    ],
  }),
)("a container image is refused %s", (_what, [changes, fault]) => {
  expect(faultsOf({ node: container(changes) })).toEqual([`images.node.${fault}`]);
});

test("an AMI is refused what only container images have", () => {
  const parent = { container: PARENT };

  expect(faultsOf({ base: ami({ parent, container: {} }) })).toEqual([
    'images.base.parent: expected { ssm }, { ami }, { imageBuilder } or { image, channel } for an image of kind "ami", found { container }',
    'images.base.container: valid only for images of kind "container"; remove it',
  ]);
});

test("a parent in the factory is of the same kind", () => {
  const parent = { image: "base", channel: "stable" };

  expect(faultsOf({ base: ami(), node: container({ parent }) })).toEqual([
    'images.node.parent.image: expected an image of kind "container", found "base" of kind "ami"',
  ]);
  expect(faultsOf({ base: container(), node: ami({ parent }) })).toEqual([
    'images.node.parent.image: expected an image of kind "ami", found "base" of kind "container"',
  ]);
});

test("an unknown kind is refused, and the valid ones are listed", () => {
  expect(faultsOf({ base: { ...ami(), kind: "iso" as "ami" } })).toEqual([
    'images.base.kind: expected one of "ami", "container", found "iso"',
  ]);
});

const AT = "images.node.container.dockerfile";
const whole = `FROM {{{ imagebuilder:parentImage }}}
{{{ imagebuilder:environments }}}
{{{ imagebuilder:components }}}
`;

test("a template with Image Builder's three variables is valid, whatever else it contains", () => {
  expect(checkDockerfile(AT, whole)).toEqual([]);
  expect(checkDockerfile(AT, `# web\n${whole.replace("FROM", "from --platform=linux/arm64")}USER 1000\n`)).toEqual([]);
});

test.each(
  Object.entries<[string, string]>({
    "a variable is missing": [
      whole.replace("{{{ imagebuilder:components }}}", ""),
      "expected {{{ imagebuilder:components }}} in the template, found none",
    ],
    "a variable has too few braces": [
      whole.replace("{{{ imagebuilder:environments }}}", "{{ imagebuilder:environments }}"),
      "expected three braces on each side, {{{ imagebuilder:environments }}}, found {{ imagebuilder:environments }}",
    ],
    "a variable is none of Image Builder's": [
      `${whole}# {{{ imagebuilder:buildDate }}}\n`,
      "expected one of {{{ imagebuilder:parentImage }}}, {{{ imagebuilder:environments }}}, {{{ imagebuilder:components }}}, found {{{ imagebuilder:buildDate }}}",
    ],
    "it starts from something else than the parent": [
      whole.replace("FROM {{{", "FROM scratch\n# {{{"),
      'expected a line "FROM {{{ imagebuilder:parentImage }}}", found none',
    ],
    "it is too long for a recipe": [
      whole + "#".repeat(16_000 - whole.length + 1),
      "expected at most 16000 characters, found 16001",
    ],
  }),
)("it is refused where %s", (_where, [template, fault]) => {
  expect(checkDockerfile(AT, template)).toEqual([`${AT}: ${fault}`]);
});
