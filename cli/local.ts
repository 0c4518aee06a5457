import { Command } from "commander";
import { callsCommand } from "./local/calls.ts";
import { clockCommand } from "./local/clock.ts";
import { deployCommand } from "./local/deploy.ts";
import { eventsCommand } from "./local/events.ts";
import { executionsCommand } from "./local/executions.ts";
import { operationsCommand } from "./local/operations.ts";
import { startCommand } from "./local/start.ts";

/** `amint local ...`: the embedded AWS on its own, and a look inside. */
export const localCommand = (): Command =>
  new Command("local")
    .description("the embedded AWS on its own: start it, deploy to it, look inside")
    .addCommand(startCommand())
    .addCommand(deployCommand())
    .addCommand(eventsCommand())
    .addCommand(callsCommand())
    .addCommand(executionsCommand())
    .addCommand(clockCommand())
    .addCommand(operationsCommand());
