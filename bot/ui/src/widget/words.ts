// Everything the widget itself says, in both languages; the server's sentences come ready made.
import type { Lang } from "../shared/wire";

const EN = {
  title: "Support",
  close: "Close chat",
  log: "Conversation",
  other: "RU, русский",
  bot: "Automated assistant",
  queue: "Your question is with our colleagues",
  operator: "is answering you",
  person: "Talk to a person",
  calling: "Calling…",
  write: "Your message",
  send: "Send",
  attach: "Attach files",
  sending: "Sending",
  sent: "Sent",
  failed: "Not sent",
  retry: "Try again",
  edited: "Corrected",
  typing: "is typing",
  offline: "No connection. Trying again…",
  reload: "The chat has been updated. Reload",
  ask: "Common questions",
};

const RU: typeof EN = {
  title: "Поддержка",
  close: "Закрыть чат",
  log: "Переписка",
  other: "EN, English",
  bot: "Автоматический помощник",
  queue: "Вопрос передан специалистам",
  operator: "отвечает вам",
  person: "Позвать человека",
  calling: "Зовём…",
  write: "Ваше сообщение",
  send: "Отправить",
  attach: "Прикрепить файлы",
  sending: "Отправляется",
  sent: "Отправлено",
  failed: "Не отправлено",
  retry: "Повторить",
  edited: "Исправлено",
  typing: "печатает",
  offline: "Нет связи. Пробуем снова…",
  reload: "Чат обновился. Перезагрузить",
  ask: "Частые вопросы",
};

export type Words = typeof EN;

export const WORDS: Record<Lang, Words> = { ru: RU, en: EN };
