import { expect, test } from "vitest";
import { openValidated } from "./validated-world.ts";

test("a role and a boundary of another account than the factory's are found, with their path", async () => {
  const role = "arn:aws:iam::222233334444:role/image-instances";
  const boundary = "arn:aws:iam::222233334444:policy/boundary";
  const world = await openValidated({ factory: { instanceRole: role, permissionsBoundary: boundary } });

  const findings = await world.findings();

  const what = "is an ARN of account 222233334444, and the factory's is 111122223333";
  const fix = "name one of account 111122223333";
  expect(findings).toEqual([
    { where: "instanceRole", what, fix },
    { where: "permissionsBoundary", what, fix },
  ]);
});

test("a role and a boundary of the factory's account, by name or ARN, or of AWS, are as they should be", async () => {
  const world = await openValidated({
    factory: {
      instanceRole: "arn:aws:iam::111122223333:role/builds/instances",
      executionRole: "image-builder",
      permissionsBoundary: "arn:aws:iam::aws:policy/PowerUserAccess",
    },
  });

  expect(await world.findings()).toEqual([]);
});
