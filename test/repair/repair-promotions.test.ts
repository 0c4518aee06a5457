// @module-tag deep
import { ListExecutionsCommand, SFNClient, StopExecutionCommand } from "@aws-sdk/client-sfn";
import { describe, expect, test } from "vitest";
import { readImageState } from "../../adapters/build/image-state.ts";
import { promotionName } from "../../core/names.ts";
import { readAftermath } from "../whole/faults-aftermath.ts";
import { brokenRules } from "../whole/faults-rules.ts";
import { image, openRepairTrail, trails } from "./repair-trail.ts";

const unshared = { "eu-west-1": "available: ", "us-east-1": "available: " };
const dying = { calls: 1, carriedOut: false };

for (const [cloudTrail, options] of trails)
  describe(`trail: ${cloudTrail}`, options, () => {
    test("a promotion that failed and could not be undone is undone as soon as that is possible, and reported once", async () => {
      const trail = await openRepairTrail(2, { trail: cloudTrail });
      const [, second = ""] = trail.builds;
      // After its soak nothing can be shared, and nothing unshared.
      trail.letDie({ "share-image": dying, "undo-promotion": dying });
      await trail.pass(30);

      expect(trail.said("promotion.failed")).toEqual([]);
      expect(trail.repairs()).toEqual([expect.stringMatching(/the promotion of .+ ended FAILED and was not undone/)]);

      trail.calmDown();
      await trail.pass(2);

      expect(trail.said("promotion.failed")).toMatchObject([{ build: trail.arns[1], left: [] }]);
      expect(await trail.launchable(second)).toEqual(unshared);
      const { channels } = await readImageState(trail.ledger, image);
      expect(channels.candidate).toMatchObject({ build: trail.arns[0], how: "undo" });
      expect(brokenRules(await readAftermath(trail.factory))).toEqual([]);
      await trail.pass(3);
      expect(trail.said("promotion.failed")).toHaveLength(1);
      expect(trail.repairs()).toHaveLength(1);
    });

    test("a promotion that was stopped by hand is undone; one that a revocation stopped is not", async () => {
      const trail = await openRepairTrail(2, { trail: cloudTrail });
      const [, second = ""] = trail.builds;
      const states = new SFNClient(trail.options);
      const stateMachineArn = `arn:aws:states:eu-west-1:111122223333:stateMachine:${promotionName("acme")}`;
      const running = () => states.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: "RUNNING" }));
      const { executions: [soaking] = [] } = await running();
      await trail.ask("revoke-build", { build: trail.arns[0], by: "ada", reason: "old" });
      expect(soaking?.name).toMatch(/-2$/);

      await states.send(new StopExecutionCommand({ executionArn: soaking?.executionArn }));
      await trail.pass(3);

      expect(trail.said("promotion.failed")).toMatchObject([
        { build: trail.arns[1], error: "ABORTED", left: [], undone: expect.arrayContaining([expect.any(String)]) },
      ]);
      expect(await trail.launchable(second)).toEqual(unshared);
      expect(trail.repairs()).toEqual([expect.stringContaining("ended ABORTED and was not undone")]);
    });

    test("the rest of a failed promotion is undone by hourly attempts, and reported when it is done", async () => {
      const trail = await openRepairTrail(1, { trail: cloudTrail });
      const [first = ""] = trail.builds;
      // The parameter of its next channel is refused, and in one region nothing can be unshared.
      trail.refuse(
        ({ operation, call }) =>
          operation === "PutParameter" || (operation === "ModifyImageAttribute" && call.region === "us-east-1"),
      );
      await trail.pass(32);

      expect(trail.said("promotion.failed")).toMatchObject([
        { build: trail.arns[0], left: Array(2).fill(expect.stringContaining("us-east-1: A policy says no")) },
      ]);
      expect(trail.repairs()).toEqual([]);

      trail.calmDown();
      await trail.pass(2);

      expect(await trail.launchable(first)).toEqual(unshared);
      expect(trail.repairs()).toEqual([
        expect.stringMatching(/what the failed promotion of .+ had left was undone: .+ is no longer shared with/),
      ]);
      await trail.pass(3);
      expect(trail.said("promotion.failed")).toHaveLength(1);
      expect(trail.repairs()).toHaveLength(1);
    });
  });
