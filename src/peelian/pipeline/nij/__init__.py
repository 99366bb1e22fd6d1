"""The NIJ Real-Time Crime Forecasting Challenge (Portland, 2017), by its own rules and with open scoring."""
