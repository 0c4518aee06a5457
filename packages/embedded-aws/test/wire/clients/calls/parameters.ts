import { answered, type FactoryCall, refused } from "../factory-call.ts";

const Name = "/imagebuilder/amint/base/stable";
const parameter = { ResourceType: "Parameter", ResourceId: Name };
const gone = { code: "ParameterNotFound", status: 400 };

const calendar = (type: string): string =>
  [
    "BEGIN:VCALENDAR",
    "PRODID:-//AWS//Change Calendar 1.0//EN",
    "VERSION:2.0",
    `X-CALENDAR-TYPE:${type}`,
    "END:VCALENDAR",
  ].join("\r\n");

export const PARAMETER_CALLS: readonly FactoryCall[] = [
  answered("ssm:PutParameter", { Name, Value: "ami-1", Type: "String" }, { Version: 1 }),
  refused(
    "ssm:PutParameter",
    { Name, Value: "ami-2", Type: "String" },
    {
      code: "ParameterAlreadyExists",
      status: 400,
      message:
        "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
    },
  ),
  refused(
    "ssm:PutParameter",
    { Name, Value: "v", Type: "Text" },
    {
      code: "ValidationException",
      status: 400,
      message: "Member must satisfy enum value set: [",
    },
  ),
  answered("ssm:PutParameter", { Name, Value: "ami-2 <é>", Overwrite: true }, { Version: 2 }),
  answered(
    "ssm:LabelParameterVersion",
    { Name, ParameterVersion: 1, Labels: ["good", "1bad"] },
    { InvalidLabels: ["1bad"] },
  ),
  answered("ssm:GetParameter", { Name }, { "Parameter.Value": "ami-2 <é>" }),
  answered("ssm:GetParameter", { Name: `${Name}:good` }, { "Parameter.Value": "ami-1", "Parameter.Selector": ":good" }),
  refused("ssm:GetParameter", { Name: `${Name}:7` }, { code: "ParameterVersionNotFound", status: 400 }),
  answered(
    "ssm:GetParameters",
    { Names: [Name, "/none"] },
    {
      "Parameters.0.Version": 2,
      InvalidParameters: ["/none"],
    },
  ),
  answered("ssm:GetParametersByPath", { Path: "/imagebuilder", Recursive: true }, { "Parameters.0.Name": Name }),
  answered("ssm:GetParameterHistory", { Name }, { "Parameters.0.Labels": ["good"], "Parameters.1.Version": 2 }),
  refused("ssm:GetParameterHistory", { Name: "/none" }, gone),
  answered("ssm:UnlabelParameterVersion", { Name, ParameterVersion: 1, Labels: ["good"] }, { RemovedLabels: ["good"] }),
  answered(
    "ssm:DescribeParameters",
    { ParameterFilters: [{ Key: "Name", Option: "BeginsWith", Values: ["/imagebuilder"] }] },
    { "Parameters.0.Version": 2 },
  ),
  answered("ssm:AddTagsToResource", { ...parameter, Tags: [{ Key: "team", Value: "images" }] }),
  answered("ssm:ListTagsForResource", parameter, { TagList: [{ Key: "team", Value: "images" }] }),
  answered("ssm:RemoveTagsFromResource", { ...parameter, TagKeys: ["team"] }),
  refused("ssm:ListTagsForResource", { ...parameter, ResourceId: "/none" }, { code: "InvalidResourceId", status: 400 }),
  answered("ssm:DeleteParameter", { Name }),
  refused("ssm:GetParameter", { Name }, gone),
  refused("ssm:DeleteParameter", { Name }, gone),
  answered("ssm:DeleteParameters", { Names: [Name] }, { InvalidParameters: [Name] }),

  answered(
    "ssm:CreateDocument",
    { Name: "freeze", Content: calendar("DEFAULT_OPEN"), DocumentType: "ChangeCalendar", DocumentFormat: "TEXT" },
    { "DocumentDescription.DocumentVersion": "1" },
  ),
  refused(
    "ssm:CreateDocument",
    { Name: "freeze", Content: calendar("DEFAULT_OPEN"), DocumentType: "ChangeCalendar", DocumentFormat: "TEXT" },
    { code: "DocumentAlreadyExists", status: 400, message: "freeze already exists" },
  ),
  answered("ssm:GetCalendarState", { CalendarNames: ["freeze"] }, { State: "OPEN" }),
  refused(
    "ssm:GetCalendarState",
    { CalendarNames: ["none"] },
    { code: "InvalidDocument", status: 400, message: "none does not exist" },
  ),
  answered(
    "ssm:UpdateDocument",
    { Name: "freeze", Content: calendar("DEFAULT_CLOSED"), DocumentVersion: "$LATEST", DocumentFormat: "TEXT" },
    { "DocumentDescription.LatestVersion": "2" },
  ),
  answered("ssm:DescribeDocument", { Name: "freeze" }, { "Document.DocumentType": "ChangeCalendar" }),
  answered("ssm:GetDocument", { Name: "freeze" }, { Content: calendar("DEFAULT_CLOSED") }),
  answered("ssm:ModifyDocumentPermission", {
    Name: "freeze",
    PermissionType: "Share",
    AccountIdsToAdd: ["222233334444"],
  }),
  answered("ssm:ModifyDocumentPermission", {
    Name: "freeze",
    PermissionType: "Share",
    AccountIdsToRemove: ["222233334444"],
  }),
  answered("ssm:DeleteDocument", { Name: "freeze" }),
];
