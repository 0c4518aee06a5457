import { expect, test } from "vitest";
import { report } from "../../../cli/factory/validate.ts";
import { noteRenamedKeys } from "../../../core/factory/renamed-keys.ts";
import { openValidated } from "./validated-world.ts";

test("a former name of a key is a warning that says what to rename, and by when", async () => {
  const world = await openValidated();
  noteRenamedKeys(world.factory, [
    { from: "images.base.gate.cis", to: "images.base.gate.benchmark", since: "0.2.0", gone: "0.3.0" },
  ]);

  const validation = await world.look();

  expect(validation.findings).toEqual([
    {
      where: "images.base.gate.cis",
      what: "is called images.base.gate.benchmark since version 0.2.0; the former name works until version 0.3.0",
      fix: "rename it in factory.config.ts",
      warning: true,
    },
  ]);
  const [line] = report({ usable: true, online: validation, findings: validation.findings });
  expect(line).toMatch(/^warning: images\.base\.gate\.cis: is called/);
});
