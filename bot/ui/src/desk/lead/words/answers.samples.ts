// What stands for the variables in the preview of a canned reply, in the language of its text.
import type { Lang } from "../../../shared/wire";

export const SAMPLES: Record<Lang, Readonly<Record<string, string>>> = {
  ru: { customer: "Мария", operator: "Анна", number: "1042", topic: "Оплата", "field.account": "71-204-553" },
  en: { customer: "Maria", operator: "Anna", number: "1042", topic: "Payment", "field.account": "71-204-553" },
};
