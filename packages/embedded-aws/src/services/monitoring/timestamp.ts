/** As CloudWatch writes times in what it says of alarms: `2019-11-22T15:43:51.730+0000`. */
export const timestamp = (milliseconds: number): string => new Date(milliseconds).toISOString().replace("Z", "+0000");
