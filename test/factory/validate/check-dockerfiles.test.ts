import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { checkDockerfiles } from "../../../cli/factory/check-components.ts";
import { root } from "../../../stacks/blueprint/project.ts";
import { factoryOf, imageOf } from "../../world/factory-of.ts";

const factoryWith = (dockerfile?: string) => {
  const container = {
    kind: "container",
    parent: { container: "public.ecr.aws/amazonlinux/amazonlinux:2023" },
  } as const;
  const template = dockerfile && { container: { dockerfile } };
  return factoryOf({
    images: { node: imageOf({ ...container, ...template, components: ["images/components/nodejs.yaml"] }) },
  });
};

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
