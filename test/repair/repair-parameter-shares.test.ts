// @module-tag deep
import {
  AssociateResourceShareCommand,
  DeleteResourceShareCommand,
  DisassociateResourceShareCommand,
  GetResourceShareAssociationsCommand,
  GetResourceSharesCommand,
  RAMClient,
} from "@aws-sdk/client-ram";
import { DeleteParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { describe, expect, test } from "vitest";
import { image, openRepairTrail, type RepairTrail, trails } from "./repair-trail.ts";

const NAME = "amint-acme-al2023-base-candidate";
const SANDBOX = "arn:aws:organizations::999988887777:ou/o-exampleorgid/ou-exam-sandbox1";
const OUTSIDER = "500000000001";
const PARAMETER = "arn:aws:ssm:us-east-1:111122223333:parameter/imagebuilder/amint/acme/al2023-base/candidate";

/** What the first channel's share joins in another region, once RAM has it in effect. */
async function joined(ram: RAMClient): Promise<{ arn: string; entities: string[] }> {
  const { resourceShares = [] } = await ram.send(
    new GetResourceSharesCommand({ resourceOwner: "SELF", resourceShareStatus: "ACTIVE", name: NAME }),
  );
  const arn = resourceShares[0]?.resourceShareArn ?? "";
  const kinds = ["PRINCIPAL", "RESOURCE"] as const;
  const found = await Promise.all(
    kinds.map((associationType) =>
      ram.send(new GetResourceShareAssociationsCommand({ associationType, resourceShareArns: [arn] })),
    ),
  );
  const entities = found.flatMap(({ resourceShareAssociations = [] }) =>
    resourceShareAssociations.flatMap(({ associatedEntity, status }) =>
      status === "ASSOCIATED" ? (associatedEntity ?? []) : [],
    ),
  );
  return { arn, entities };
}

const found = (trail: RepairTrail) => trail.said("drift.found").map((one) => String(one.found));
const told = `/imagebuilder/amint/acme/al2023-base/candidate in us-east-1 was not shared with exactly ${SANDBOX}`;

for (const [cloudTrail, options] of trails)
  describe(`trail: ${cloudTrail}`, options, () => {
    test("a changed or deleted share of a channel is as the config says within the hour, reported once for each time", async () => {
      const trail = await openRepairTrail(1, { trail: cloudTrail });
      const ram = new RAMClient({ ...trail.options, region: "us-east-1" });
      const before = await joined(ram);
      const resourceShareArn = before.arn;

      await ram.send(new AssociateResourceShareCommand({ resourceShareArn, principals: [OUTSIDER] }));
      await ram.send(new DisassociateResourceShareCommand({ resourceShareArn, principals: [SANDBOX] }));
      await trail.pass(1.1);
      const changed = { now: await joined(ram), said: trail.said("drift.found") };
      // An hour in which all is well, so that the next time is another one.
      await trail.pass(1.1);
      await ram.send(new DeleteResourceShareCommand({ resourceShareArn }));
      await trail.pass(1.1);
      const deleted = { now: await joined(ram), said: found(trail) };
      await trail.pass(3);

      expect(before.entities).toEqual([SANDBOX, PARAMETER]);
      expect(changed.now.entities).toEqual(before.entities);
      expect(changed.said).toEqual([
        {
          image,
          channel: "candidate",
          found: told,
          done: `Corrected: shared with ${SANDBOX}; unshared from ${OUTSIDER}.`,
        },
      ]);
      expect(deleted.now.entities).toEqual(before.entities);
      expect(deleted.now.arn).not.toBe(before.arn);
      expect(deleted.said).toHaveLength(2);
      expect(found(trail)).toEqual(deleted.said);
    });

    test("a deleted parameter is put again and shared again, and reported once", async () => {
      const trail = await openRepairTrail(1, { trail: cloudTrail });
      const options = { ...trail.options, region: "us-east-1" };
      const before = await joined(new RAMClient(options));

      await new SSMClient(options).send(
        new DeleteParameterCommand({ Name: "/imagebuilder/amint/acme/al2023-base/candidate" }),
      );
      await trail.pass(1.1);

      expect((await joined(new RAMClient(options))).entities.toSorted()).toEqual(before.entities.toSorted());
      expect(found(trail)).toHaveLength(1);
    });
  });
