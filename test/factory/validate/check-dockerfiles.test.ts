import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { checkDockerfiles } from "../../../cli/factory/check-dockerfiles.ts";
import { defineFactory } from "../../../core/factory/define-factory.ts";
import { root } from "../../../stacks/blueprint/project.ts";

const factoryWith = (dockerfile?: string) =>
  defineFactory({
    name: "acme",
    buildRegion: "eu-west-1",
    regions: ["eu-west-1"],
    organization: { id: "o-exampleorgid", managementAccountId: "999988887777" },
    images: {
      node: {
        kind: "container",
        os: "al2023",
        architecture: "x86_64",
        parent: { container: "public.ecr.aws/amazonlinux/amazonlinux:2023" },
        ...(dockerfile && { container: { dockerfile } }),
        components: ["images/components/nodejs.yaml"],
        tests: ["images/components/container-smoke.yaml"],
        gate: { cve: { critical: 0, count: "fixable" } },
        channels: [{ name: "stable", share: { organization: true } }],
      },
    },
  });

async function folderWith(name: string, template: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "templates-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, name), template);
  return `${folder}/`;
}

test("the template that an image gets by itself is one that Image Builder takes", async () => {
  expect(await checkDockerfiles(factoryWith(), root)).toEqual([]);
});

test("a template that Image Builder would refuse is named with what it lacks and where to fix it", async () => {
  const folder = await folderWith("web", "FROM {{{ imagebuilder:parentImage }}}\n{{{ imagebuilder:components }}}\n");

  expect(await checkDockerfiles(factoryWith("web"), folder)).toEqual([
    {
      where: "images.node.container.dockerfile",
      what: "expected {{{ imagebuilder:environments }}} in the template, found none",
      fix: "change web",
    },
  ]);
});

test("a missing template is named", async () => {
  expect(await checkDockerfiles(factoryWith("images/dockerfiles/none"), root)).toEqual([
    {
      where: "images.node.container.dockerfile",
      what: 'the file "images/dockerfiles/none" does not exist',
      fix: "write the template, or name an existing one",
    },
  ]);
});
