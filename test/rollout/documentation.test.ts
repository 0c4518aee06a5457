import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { followedBy } from "../../core/rollout/group.ts";

const text = readFileSync("docs/rollout.md", "utf8");
const blocks = (language: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms"))].map(([, block = ""]) => block);

interface Tag {
  readonly Key: string;
  readonly Value: string;
}

const follows = (tags: readonly Tag[]) => followedBy(Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])));

test("the snippets are a template and a request whose tags opt in", () => {
  const [template] = blocks("yaml").map((block) => parse(block));
  const [request] = blocks("json").map((block) => JSON.parse(block) as { Tags: Tag[] });

  const { Group, Template } = template.Resources;
  expect(Template.Properties.LaunchTemplateData.ImageId).toBe("resolve:ssm:/amint/acme/al2023-base/stable/rest");
  expect(follows(Group.Properties.Tags)).toEqual({ image: "al2023-base", channel: "stable" });
  expect(follows(request!.Tags)).toEqual({ image: "al2023-base", channel: "stable" });
});
