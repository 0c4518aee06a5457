import { expect, test } from "vitest";
import { checkSystems } from "../../../cli/factory/check-systems.ts";
import { factoryOf, imageOf } from "../../world/factory-of.ts";

test("amint validate warns of systems that Image Builder does not list as supported", () => {
  const debian = imageOf({ os: "debian-12", parent: { ssm: "/aws/service/debian/release/12/latest/amd64" } });

  const findings = checkSystems(factoryOf({ images: { base: imageOf(), debian } }));

  expect(findings).toEqual([
    {
      where: "images.debian.os",
      what: "debian-12 is not in Image Builder's list of supported operating systems",
      fix: expect.stringContaining("build and test it in AWS"),
      warning: true,
    },
  ]);
});
