// @module-tag deep
import { describe, expect, test } from "vitest";
import { readImageState } from "../../adapters/build/image-state.ts";
import { DAY, HOUR } from "../world/time.ts";
import { image, openRepairTrail, trails } from "./repair-trail.ts";

const shared = { "eu-west-1": "available: ou-exam-sandbox1", "us-east-1": "available: ou-exam-sandbox1" };
const unshared = { "eu-west-1": "disabled: ", "us-east-1": "disabled: " };
const asked = { by: "ada", reason: "bad" };

for (const [cloudTrail, options] of trails)
  describe(`trail: ${cloudTrail}`, options, () => {
    test("a revocation or a restoration that crashes half-way is completed within two hours, and reported once", async () => {
      const trail = await openRepairTrail(2, { trail: cloudTrail });
      const [first = "", second = ""] = trail.builds;
      const build = trail.arns[1];
      let times = 0;
      // At the write that records it, before channels leave, before AMIs are disabled; before AMIs are enabled, after, before its event.
      for (const [revoked, restored] of [
        [2, 6],
        [17, 11],
        [35, 17],
      ] as const) {
        times++;
        trail.letDie({ "revoke-build": { calls: revoked, carriedOut: true } });
        expect(await trail.ask("revoke-build", { build, ...asked })).toBe("Runtime.ExitError");
        trail.calmDown();
        await trail.pass(2);

        expect(await trail.launchable(second)).toEqual(unshared);
        expect(await trail.launchable(first)).toEqual(shared);
        expect((await readImageState(trail.ledger, image)).channels.candidate?.build).toBe(trail.arns[0]);
        expect(trail.said("build.revoked")).toHaveLength(times);
        expect(trail.said("build.revoked").at(-1)).toMatchObject({ build, ...asked, left: [] });
        expect(trail.repairs()).toHaveLength(2 * times - 1);
        expect(trail.repairs().at(-1)).toContain(`the revocation of ${second} by ada was not completed`);

        trail.letDie({ "restore-build": { calls: restored, carriedOut: true } });
        const back = { build, by: "grace", reason: "false alarm", request: `r${times}` };
        expect(await trail.ask("restore-build", back)).toBe("Runtime.ExitError");
        trail.calmDown();
        await trail.pass(2);

        expect(await trail.launchable(second)).toEqual(shared);
        expect(trail.said("build.restored")).toHaveLength(times);
        expect(trail.said("build.restored").at(-1)).toMatchObject({ build, by: "grace", reason: "false alarm" });
        expect(trail.repairs()).toHaveLength(2 * times);
        expect(trail.repairs().at(-1)).toContain(`the restoration of ${second} by grace was not completed`);
        expect(await trail.ask("restore-build", { ...back, request: "again" })).toBe("NotRevoked");
        const forward = { image, channel: "candidate", to: build, ...asked, request: `f${times}` };
        expect(await trail.ask("roll-back", forward)).toMatchObject({ moved: true });
      }
    });

    test("what a revocation could not do is retried each hour until done, and then reported", async () => {
      const trail = await openRepairTrail(2, { trail: cloudTrail });
      const [, second = ""] = trail.builds;
      trail.refuse(({ operation, call }) => operation === "DisableImage" && call.region === "us-east-1");

      const answer = await trail.ask("revoke-build", { build: trail.arns[1], ...asked });
      await trail.pass(3);

      expect(answer).toMatchObject({ revoked: [{ left: [expect.stringContaining("A policy says no")] }] });
      expect(await trail.launchable(second)).toMatchObject({ "us-east-1": shared["us-east-1"] });
      expect(trail.said("build.revoked")).toHaveLength(1);
      expect(trail.repairs()).toEqual([
        expect.stringContaining(`the revocation of ${second} by ada was not completed`),
      ]);

      trail.calmDown();
      await trail.pass(1.5);

      expect(await trail.launchable(second)).toEqual(unshared);
      expect(trail.said("build.revoked").map(({ left }) => (left as string[]).length)).toEqual([1, 0]);
    });

    test("the last request is continued: not a revocation that was restored, nor a restoration that was revoked again", async () => {
      const trail = await openRepairTrail(2, { trail: cloudTrail });
      const [, second = ""] = trail.builds;
      const build = trail.arns[1];
      const back = { build, by: "grace", reason: "false alarm", request: "r" };
      trail.letDie({ "revoke-build": { calls: 34, carriedOut: true } });
      await trail.ask("revoke-build", { build, ...asked });
      trail.calmDown();

      await trail.ask("restore-build", back);
      await trail.pass(3);

      expect(await trail.launchable(second)).toEqual(shared);
      expect(trail.said("build.restored")).toHaveLength(1);
      expect(trail.repairs()).toEqual([]);

      await trail.ask("revoke-build", { build, ...asked });
      trail.letDie({ "restore-build": { calls: 9, carriedOut: true } });
      await trail.ask("restore-build", { ...back, request: "s" });
      trail.calmDown();
      await trail.ask("revoke-build", { build, by: "linus", reason: "it is bad after all" });
      await trail.pass(3);

      expect(await trail.launchable(second)).toEqual(unshared);
      expect(trail.said("build.restored")).toHaveLength(1);
      expect(trail.repairs()).toEqual([]);
    });

    test("descendants that a revocation did not reach are revoked, restored ones are not revoked again", async () => {
      const trail = await openRepairTrail(1, { trail: cloudTrail });
      const { clock } = trail.factory;
      const [parent] = trail.arns;
      // Through the soak into stable, which starts the child.
      await clock.runUntil(clock.now() + DAY + 12 * HOUR);
      const { builds } = await readImageState(trail.ledger, "al2023-web");
      const child = builds.find(({ status }) => status === "available")?.build;
      trail.refuse(({ operation, call }) => operation === "DisableImage" && call.region === "us-east-1");

      await trail.ask("revoke-build", { build: parent, ...asked, descendants: true });
      await trail.ask("restore-build", { build: child, by: "grace", reason: "harmless", request: "r" });
      trail.calmDown();
      await trail.pass(2);

      const last = (name: string) => trail.said(name).map(({ build }) => build);
      expect(last("build.revoked")).toEqual([parent, child, parent]);
      expect(last("build.restored")).toEqual([child]);

      trail.letDie({ "revoke-build": { calls: 50, carriedOut: true } });
      await trail.ask("revoke-build", { build: parent, ...asked, descendants: true });
      trail.calmDown();
      await trail.pass(3);

      expect(last("build.revoked")).toEqual([parent, child, parent, child]);
    });
  });
