/** All texts of the page in Chinese. The English object must have the same keys: its type says so. */
export const zh = {
  "app.title": "WebTrader",
  "dialog.no": "取消",
} as const;
