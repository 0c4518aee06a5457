import type { Service } from "../../engine/operation.ts";
import { bindTokens } from "../bound-tokens.ts";
import { createScheduleGroup, deleteScheduleGroup, getScheduleGroup, listScheduleGroups } from "./groups.ts";
import { createSchedule, deleteSchedule, getSchedule, listSchedules, updateSchedule } from "./schedules.ts";

export const service: Service = {
  name: "scheduler",
  client: () => import("@aws-sdk/client-scheduler"),
  operations: bindTokens(
    {
      CreateSchedule: createSchedule,
      CreateScheduleGroup: createScheduleGroup,
      DeleteSchedule: deleteSchedule,
      DeleteScheduleGroup: deleteScheduleGroup,
      GetSchedule: getSchedule,
      GetScheduleGroup: getScheduleGroup,
      ListScheduleGroups: listScheduleGroups,
      ListSchedules: listSchedules,
      UpdateSchedule: updateSchedule,
    },
    { asked: "NextToken", given: "NextToken", refusal: "ValidationException" },
  ),
};
