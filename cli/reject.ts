import type { Command } from "commander";
import { answerApproval, answerCommand } from "./approve/answer-command.ts";

/** `amint reject <build>`: refuses a build the channel that it waits for, as whoever the current credentials are. */
export const rejectCommand = (): Command =>
  answerCommand("reject", "refuse a build the channel that it waits for; recorded with who and why").action(
    answerApproval("rejected"),
  );
