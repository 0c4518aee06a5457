// @module-tag needs/private-mounts
import { expect, test } from "vitest";
import { aMachine, COREUTILS, type Parent } from "./machine.ts";

/** A container of Amazon Linux 2023 has no `find` (amazonlinux/amazon-linux-2023 #355). */
const container: Parent = {
  programs: COREUTILS,
  commands: { node: "echo v22.14.0", id: `if [ "$*" = "--user node" ]; then echo 1000; else exit 1; fi` },
};

const withFile = (path: string) => ({ ...container, files: { [path]: "" } });
const play = (parent: Parent) => {
  const { programs, commands = {} } = parent;
  return aMachine({ ...parent, programs: programs.filter((one) => !(one in commands)) }).play(
    "container-smoke.yaml",
    "test",
  );
};

test("a container of the image passes", () => {
  expect(play(container)).toEqual({ stderr: "" });
});

test.each([
  "var/cache/dnf/amazonlinux-d3a0c9/packages/nodejs22-22.14.0.rpm",
  "var/cache/libdnf5/amazonlinux/packages/a.rpm",
])("a container with packages in dnf's cache fails, although it has no find: %s", (path) => {
  expect(play(withFile(path))).toEqual({
    failed: "test.NoLeftovers",
    stderr: "the build left packages in dnf's cache\n",
  });
});

test.each([["tmp/amint/packages.json", "NoLeftovers", "the build left /tmp/amint in the image\n"]])(
  "a container with %s fails",
  (path, step, stderr) => {
    expect(play(withFile(path))).toEqual({ failed: `test.${step}`, stderr });
  },
);

test("a container without Node.js, with another release of it, or without its user fails", () => {
  const commands = container.commands ?? {};
  const { node: _, ...none } = commands;

  expect(play({ ...container, commands: none }).failed).toBe("test.NodeAnswers");
  expect(play({ ...container, commands: { ...commands, node: "echo v20.1.0" } }).failed).toBe("test.NodeAnswers");
  expect(play({ ...container, commands: { ...commands, id: "exit 1" } }).failed).toBe("test.UserIsThere");
});
