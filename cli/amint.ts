#!/usr/bin/env node
import { Command } from "commander";
import { buildCommand } from "./build.ts";
import { monthCommand } from "./month.ts";
import { reportFailure } from "./report-failure.ts";

const program = new Command("amint")
  .description("A golden AMI mint for AWS Organizations, on EC2 Image Builder.")
  .addCommand(monthCommand())
  .addCommand(buildCommand())
  .showHelpAfterError();

try {
  await program.parseAsync();
} catch (error) {
  reportFailure(error);
}
