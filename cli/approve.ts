import type { Command } from "commander";
import { answerApproval, answerCommand } from "./approve/answer-command.ts";

/** `amint approve <build>`: agrees that a build enters the channel it waits for, as whoever the current credentials are. */
export const approveCommand = (): Command =>
  answerCommand("approve", "agree that a build enters the channel that it waits for; recorded with who and why").action(
    answerApproval("approved"),
  );
