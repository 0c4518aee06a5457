import type { Act } from "../local/story/chapters.ts";
import { patchTuesday, ubuntuFixed, urgentAdvisory } from "./publications.ts";
import {
  begin,
  end,
  joining,
  keyFix,
  reader,
  releases,
  requests,
  revocation,
  rollback,
  shopErrors,
  slip,
} from "./story.ts";

const HOUR = 3_600_000;
const [, , , failing] = requests;
const [release] = releases;

/** The parts of the month, and of the months after it. */
export const acts: readonly Act[] = [
  {
    at: begin,
    title: "First builds",
    watch: `A build enters candidate after its gate, and stable a day later; ${reader} approves two of the images.`,
  },
  {
    at: urgentAdvisory,
    title: "An advisory out of band",
    watch: "An important fix does not wait for patch night: images with the package are rebuilt at once.",
  },
  {
    at: failing.at,
    title: "A build fails",
    watch: "A download fails: the failure names component, phase and step, and no channel moves.",
  },
  {
    at: patchTuesday,
    title: "Patch Tuesday",
    watch: "Advisories below the threshold wait for patch night; the gate rejects one of its builds.",
  },
  {
    at: shopErrors.at - HOUR / 2,
    title: "Roll-out to running instances",
    watch: `Instances are replaced in waves: an alarm halts the second one, and ${shopErrors.by} resumes it.`,
  },
  {
    at: ubuntuFixed,
    title: "A critical fix for Ubuntu",
    watch: "The fix starts a build; a request meanwhile waits, and its newer build supersedes the first one.",
  },
  {
    at: joining.at,
    title: "An account joins",
    watch: `${joining.name} is moved into an OU: within the hour it can launch what that OU can launch.`,
  },
  {
    at: slip.at,
    title: "A key policy loses a statement",
    watch: "The drift is reported at once; it would keep consumers from launching the next build.",
  },
  {
    at: release.at,
    title: "The base AMI is replaced",
    watch: `The promotion fails on the missing statement, until ${keyFix.by} restores it and promotes again.`,
  },
  {
    at: rollback.at,
    title: "A rollback",
    watch: `${rollback.by} moves a channel back to its earlier build, which consumers launch from now on.`,
  },
  {
    at: revocation.at,
    title: "A build is revoked",
    watch: "No account can launch the build, or one made from it; groups roll back to the earlier build.",
  },
  {
    at: end,
    title: "The months after",
    watch: "Unused builds are disabled, then deregistered; a build that an account still runs stays.",
  },
];
