import './jitless.ts';
import { render } from 'preact';
import { App } from './app.tsx';
import { applyTheme } from './parts/theme.ts';
import './style.css';

applyTheme();
const place = document.getElementById('app');
if (place) render(<App />, place);
