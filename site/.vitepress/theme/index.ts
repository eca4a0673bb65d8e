import { h } from 'vue';
import type { Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme-without-fonts';
import LiveStream from './LiveStream.vue';
import PlaygroundTool from './PlaygroundTool.vue';
import { mendSearch } from './searchBox.js';
import SourceLink from './SourceLink.vue';
import './style.css';
import './home.css';

export default {
  extends: DefaultTheme,
  Layout: () => h(DefaultTheme.Layout, null, { 'doc-footer-before': () => h(SourceLink) }),
  enhanceApp({ app }) {
    app.component('LiveStream', LiveStream).component('PlaygroundTool', PlaygroundTool);
    if (typeof document === 'object') mendSearch();
  },
} satisfies Theme;
