"""What runs inside the Rasa process: its entry point, input channel, classifier, tracker store and patches."""
